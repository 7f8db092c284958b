import { assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { type Command, COMMANDS } from "../../../../../pipeline/commands/options/options.ts";
import { readArguments } from "../../../../../pipeline/commands/options/read_arguments.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";

const { pipeline } = COMMANDS;

function refusal(command: Command, words: readonly string[]): string {
  return assertThrows(() => readArguments(command, words), UserError).message;
}

Deno.test("readArguments() tells words, values and switches apart", () => {
  const { words, values, switches } = readArguments(COMMANDS.predict, ["a.jpg", "--run", "runs/x", "--json", "b.jpg"]);
  assertEquals(words, ["a.jpg", "b.jpg"]);
  assertEquals([...values], [["run", "runs/x"]]);
  assertEquals([...switches], ["json"]);
});

Deno.test("readArguments() takes a value after = as well", () => {
  assertEquals(readArguments(pipeline, ["--data=photos", "--seed=-3"]).values.get("data"), "photos");
  assertEquals(readArguments(pipeline, ["--seed=-3"]).values.get("seed"), "-3");
});

Deno.test("readArguments() leaves out what was not given", () => {
  const { words, values, switches } = readArguments(pipeline, []);
  assertEquals([words.length, values.size, switches.size], [0, 0, 0]);
});

Deno.test("readArguments() names the nearest option", () => {
  for (const [given, nearest] of [["--dta", "data"], ["--trimtest", "trim-test"], ["--forse", "force"]]) {
    const message = refusal(pipeline, [given]);
    assertStringIncludes(message, `Cannot use ${given}: expected one of --data `);
    assertStringIncludes(message, `Did you mean --${nearest}?`);
  }
});

Deno.test("readArguments() refuses an unknown option with its value, in one line without that value", () => {
  const message = refusal(pipeline, ["--daat=photos"]);
  assertStringIncludes(message, "Cannot use --daat: ");
  assertEquals(message.includes("photos"), false);
  assertEquals(message.includes("\n"), false);
});

Deno.test("readArguments() refuses another command's option", () => {
  assertStringIncludes(
    refusal(COMMANDS.status, ["--seed", "1"]),
    "Cannot use --seed: expected one of --out --data --check --json --help --version",
  );
});

Deno.test("readArguments() refuses a missing value", () => {
  for (const words of [["--data"], ["--data="], ["--data", ""]]) {
    assertEquals(refusal(pipeline, words), "Cannot use --data: expected a value (--data DIR|ZIP), got none");
  }
  assertStringIncludes(refusal(pipeline, ["--data", "--"]), "expected a value (--data DIR|ZIP), got none");
  for (const next of ["--force", "-x"]) {
    assertStringIncludes(refusal(pipeline, ["--data", next]), `got the option ${next}; write --data=${next} if`);
  }
});

Deno.test("readArguments() takes numbers below 0 as values", () => {
  assertEquals(readArguments(pipeline, ["--seed", "-1", "--force"]).values.get("seed"), "-1");
});

Deno.test("readArguments() refuses two values for one option, but not the same one twice", () => {
  assertEquals(
    refusal(pipeline, ["--seed", "1", "--seed=2"]),
    "Cannot use --seed twice: expected one value, got 1 and 2",
  );
  assertEquals(readArguments(pipeline, ["--seed", "1", "--seed=1"]).values.get("seed"), "1");
});

Deno.test("readArguments() refuses values for switches, and says how to turn them off", () => {
  for (const word of ["--force=maybe", "--force=true", "--force=", "--no-force"]) {
    const message = refusal(pipeline, [word]);
    assertStringIncludes(message, `Cannot use ${word}: expected no `);
    assertStringIncludes(message, "--force alone turns it on, leaving it out turns it off");
  }
  assertStringIncludes(refusal(pipeline, ["--no-data"]), "Cannot use --no-data: expected one of --data ");
});

Deno.test("readArguments() refuses words of commands that take none, naming the option that may be meant", () => {
  for (const name of ["pipeline", "status", "evaluate", "weights", "sample", "export"] as const) {
    assertMatch(
      refusal(COMMANDS[name], ["runs/x"]),
      /^Cannot use runs\/x: expected options alone, .*Did you mean --\w+ runs\/x\?$/,
    );
    assertMatch(refusal(COMMANDS[name], ["--", "--help"]), /^Cannot use --help: expected options alone/);
  }
});

Deno.test("readArguments() refuses options that exclude each other", () => {
  assertEquals(
    refusal(COMMANDS.predict, ["--csv", "a.jpg", "--json"]),
    "Cannot use --json and --csv together: expected one of them",
  );
});

Deno.test("readArguments() takes -h for --help, and no other letter", () => {
  for (const command of Object.values<Command>(COMMANDS)) {
    assertEquals([...readArguments(command, ["-h"]).switches], ["help"]);
    assertEquals([...readArguments(command, ["--version"]).switches], ["version"]);
    assertStringIncludes(refusal(command, ["-x"]), "Cannot use -x: expected one of --");
  }
});

Deno.test("readArguments() takes everything after -- as words", () => {
  assertEquals(readArguments(COMMANDS.predict, ["--", "--run"]).words, ["--run"]);
});
