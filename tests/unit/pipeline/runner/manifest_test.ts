import { assertEquals, assertNotEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { manifestText, parseManifest, readHash } from "../../../../pipeline/runner/manifest.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { fakeManifest } from "./fake_manifest.ts";

const PATH = "runs/a/train/manifest.json";

/** The message with which a manifest's text is refused; it always says where and what to do. */
function refusal(text: string): string {
  const { message } = assertThrows(() => parseManifest(text, PATH), UserError);
  assertStringIncludes(message, `Cannot read ${PATH}: expected `);
  assertStringIncludes(message, "remove its folder to run that stage again");
  return message;
}

Deno.test("parseManifest() reads what manifestText() wrote", () => {
  const manifest = fakeManifest({ params: { b: [1, { a: null }], a: "ä\n" }, warnings: ["one is left out"] });
  assertEquals(parseManifest(manifestText(manifest), PATH), manifest);
});

Deno.test("parseManifest() refuses each kind of edit by hand", () => {
  const text = manifestText(fakeManifest({ params: { rate: 0.001 } }));
  for (const [before, after] of [["0.001", "0.002"], ['"photos": 3', '"photos": 4'], ['"00"', '"11"'], ["1.5", "1"]]) {
    assertNotEquals(text.replace(before, after), text);
    assertStringIncludes(refusal(text.replace(before, after)), "agrees with its seal");
  }
});

Deno.test("parseManifest() takes a manifest that was only laid out anew", () => {
  const manifest = fakeManifest({ params: { a: 1, b: 2 } });
  const members = Object.entries(JSON.parse(manifestText(manifest)));
  assertEquals(parseManifest(JSON.stringify(Object.fromEntries(members.reverse())), PATH), manifest);
});

Deno.test("parseManifest() refuses another schema, and names the one it reads", () => {
  assertStringIncludes(
    refusal(manifestText(fakeManifest()).replace('"schema": 1', '"schema": 2')),
    "expected a manifest of schema 1, got schema: ",
  );
});

Deno.test("parseManifest() names what is missing or left over", () => {
  assertStringIncludes(refusal(JSON.stringify(fakeManifest())), "got seal: ");
  const text = manifestText(fakeManifest());
  assertStringIncludes(refusal(text.replace('"seed": 0,', "")), "got seed: ");
  assertStringIncludes(refusal(text.replace('"seed": 0,', '"seed": 0, "speed": 1,')), "speed");
});

Deno.test("parseManifest() refuses text that is no JSON, and JSON that is no object", () => {
  const text = manifestText(fakeManifest());
  assertStringIncludes(refusal(text.slice(0, text.length / 2)), "got text that is not JSON");
  assertStringIncludes(refusal(""), "got text that is not JSON");
  assertStringIncludes(refusal("[]"), "expected a manifest of schema 1");
});

Deno.test("parseManifest() says what is wrong in one line", () => {
  for (const text of ["{", "null", manifestText(fakeManifest()).replace('"seed": 0,', "")]) {
    assertEquals(refusal(text).includes("\n"), false);
  }
});

Deno.test("readHash() depends on the output and on files' names and contents, not on times", () => {
  const file = { file: "a", bytes: 1, modified: 1, sha256: "00" };
  const hashOf = (change: Partial<typeof file>, output = 1) => readHash({ output }, [{ ...file, ...change }]);
  assertEquals(hashOf({ modified: 2 }), hashOf({}));
  assertNotEquals(hashOf({}, 2), hashOf({}));
  assertNotEquals(hashOf({ sha256: "11" }), hashOf({}));
  assertNotEquals(hashOf({ file: "b" }), hashOf({}));
});
