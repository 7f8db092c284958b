import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { type Command, COMMANDS, helpOf, overview, readArguments } from "../../../../pipeline/commands/options.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";

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
    "Cannot use --seed: expected one of --out --json --help",
  );
});

Deno.test("readArguments() refuses a missing value", () => {
  for (const words of [["--data"], ["--data="], ["--data", "--force"], ["--data", ""]]) {
    assertEquals(refusal(pipeline, words), "Cannot use --data: expected a value (--data DIR|ZIP), got none");
  }
});

Deno.test("readArguments() takes the last of repeated values", () => {
  assertEquals(readArguments(pipeline, ["--seed", "1", "--seed", "2"]).values.get("seed"), "2");
});

Deno.test("readArguments() takes everything after -- as words", () => {
  assertEquals(readArguments(COMMANDS.predict, ["--", "--run"]).words, ["--run"]);
});

Deno.test("helpOf() lists every option of a command", () => {
  for (const command of Object.values<Command>(COMMANDS)) {
    const help = helpOf(command);
    for (const { name, help: what } of command.options) {
      assertStringIncludes(help, `--${name}`);
      assertStringIncludes(help, what);
    }
  }
});

Deno.test("overview() lists every command", () => {
  for (const name of Object.keys(COMMANDS)) assertStringIncludes(overview(), `deno task ${name}`);
});
