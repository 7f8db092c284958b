import { assertEquals } from "@std/assert";
import { COMMANDS } from "../../pipeline/commands/options/options.ts";
import { readArguments } from "../../pipeline/commands/options/read_arguments.ts";

// The parser of the standard library makes numbers of words that look like some: a folder 007 was looked for as 7.
Deno.test("readArguments() leaves words that look like numbers as they are", () => {
  assertEquals(readArguments(COMMANDS.predict, ["007", "1e3", "0x10"]).words, ["007", "1e3", "0x10"]);
});
