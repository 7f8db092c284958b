import { assertEquals, assertStringIncludes } from "@std/assert";
import { FolderError } from "../../../../../data/owned/folder_error.ts";
import { PhotoError } from "../../../../../data/photo_error.ts";
import { PhotoSourceError } from "../../../../../data/photo_source_error.ts";
import { explain } from "../../../../../pipeline/commands/endings/explain.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";

Deno.test("explain() gives one line for what the user can put right", () => {
  assertEquals(explain(new UserError("No photos there")), "error: No photos there");
  assertEquals(
    explain(new FolderError("Cannot write there: expected ours")),
    "error: Cannot write there: expected ours",
  );
  assertEquals(
    explain(new PhotoSourceError("Cannot open it: expected a zip")),
    "error: Cannot open it: expected a zip",
  );
});

Deno.test("explain() gives the stack of every other error, though it says what it expected", () => {
  for (const kind of [Error, RangeError, TypeError, Deno.errors.NotFound, PhotoError]) {
    const text = explain(new kind("Cannot trim: expected a photo, got none"));
    assertStringIncludes(text, "error: Cannot trim: expected a photo, got none\nThis is a mistake in the program");
    assertStringIncludes(text, "explain_test.ts");
  }
});

Deno.test("explain() joins what a library said in several lines", () => {
  assertEquals(explain(new UserError("no such file:\n  a.jpg\n  at 7")), "error: no such file: a.jpg at 7");
});

Deno.test("explain() shows what names would do to the terminal", () => {
  assertEquals(
    explain(new UserError("Cannot read a\nerror: b\x1b[2J\u202e.jpg")),
    "error: Cannot read a\\nerror: b\\u001b[2J\\u202e.jpg",
  );
  const lines = explain(new TypeError("a\nerror: another\n    at nowhere\x1b[2J")).split("\n");
  assertEquals(lines[0], "error: a error: another at nowhere\\u001b[2J");
  assertEquals(lines.filter((line) => line.startsWith("error:")).length, 1);
});

Deno.test("explain() gives one line for what the system refuses, whatever was being done", () => {
  for (
    const [refusal, next] of [
      ["No space left on device (os error 28): write", "Free some space"],
      [`File name too long (os error 36): mkdir '${"a".repeat(5000)}'`, "Use a shorter name"],
      ["Read-only file system (os error 30): open 'x'", "Use a folder that can be written to"],
      ["Input/output error (os error 5)", "Mend that"],
    ]
  ) {
    const line = explain(new Error(refusal));
    assertStringIncludes(line, `error: Cannot go on: expected the system to allow it, got ${refusal.slice(0, 30)}`);
    assertStringIncludes(line, next);
    assertEquals(line.includes("\n"), false);
    assertEquals(line.length < 600, true);
  }
});

Deno.test("explain() gives the stack of a mistake in the program, whatever its first word", () => {
  const missing: { list?: string[] } = JSON.parse("{}");
  for (
    const mistake of [() => missing.list!.length, () => {
      throw new Error("out of luck");
    }]
  ) {
    try {
      mistake();
    } catch (thrown) {
      const text = explain(thrown);
      assertStringIncludes(text, "This is a mistake in the program");
      assertStringIncludes(text, "explain_test.ts");
    }
  }
});

Deno.test("explain() speaks of whatever was thrown", () => {
  assertStringIncludes(explain("plain words"), "error: plain words\nThis is a mistake in the program");
});
