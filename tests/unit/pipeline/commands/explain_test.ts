import { assertEquals, assertStringIncludes } from "@std/assert";
import { explain } from "../../../../pipeline/commands/explain.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";

Deno.test("explain() gives one line for what the user can put right", () => {
  assertEquals(explain(new UserError("No photos there")), "error: No photos there");
  assertEquals(
    explain(new RangeError("Cannot trim: expected a photo, got none")),
    "error: Cannot trim: expected a photo, got none",
  );
  assertEquals(explain(new Deno.errors.NotFound("no such file")), "error: no such file");
});

Deno.test("explain() joins what a library said in several lines", () => {
  assertEquals(
    explain(new UserError("Cannot read a.jpg:\n  bad marker\n  at 7")),
    "error: Cannot read a.jpg: bad marker at 7",
  );
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
