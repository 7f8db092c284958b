import { assertEquals, assertThrows } from "@std/assert";
import { partFrom } from "../../../../../pipeline/commands/parts/part_from.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";
import type { StageName } from "../../../../../pipeline/runner/stage.ts";

function partOf(text: string | undefined, stage: StageName = "transform", ...switches: string[]) {
  return partFrom({ values: new Map(text === undefined ? [] : [["part", text]]), switches: new Set(switches) }, stage);
}

Deno.test("partFrom() reads a part and how many there are", () => {
  assertEquals(partOf("3/16"), { number: 3, of: 16 });
  assertEquals(partOf("1/1"), { number: 1, of: 1 });
  assertEquals(partOf("256/256"), { number: 256, of: 256 });
  assertEquals(partOf(undefined, "scan", "force"), undefined);
});

Deno.test("partFrom() refuses parts that there are not, stages without, and options that no part takes", () => {
  const range = "expected a part and how many there are, from 1/1 to 256/256, like 3/16";
  for (const text of ["0/4", "5/4", "1/0", "1/257", "1", "1/", "/4", "1/4/4", "-1/4", "1.5/4", "a/b", " 1/4"]) {
    assertThrows(() => partOf(text), UserError, `Cannot use --part ${text}: ${range}`);
  }
  assertThrows(
    () => partOf("1/4", "train"),
    UserError,
    "expected stage transform, whose work can be divided, got train",
  );
  for (const other of ["force", "dry-run", "replace"]) {
    assertThrows(() => partOf("1/4", "transform", other), UserError, `Cannot use --part and --${other} together`);
  }
});
