import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { helpOf, overview } from "../../../../../pipeline/commands/options/help.ts";
import { type Command, COMMANDS } from "../../../../../pipeline/commands/options/options.ts";
import { parseReview } from "../../../../../pipeline/review/file/parse_review.ts";
import { REVIEW_FILE } from "../../../../../pipeline/review/file/review.ts";
import { STAGE_NAMES } from "../../../../../pipeline/runner/stage.ts";
import { RECIPES } from "../../../../../pipeline/settings/recipes.ts";

/** A help without its line breaks. */
function inOneLine(help: string): string {
  return help.replace(/\s+/g, " ");
}

Deno.test("helps fit a terminal of 80 columns", () => {
  for (const help of [overview(), ...Object.values<Command>(COMMANDS).map(helpOf)]) {
    for (const line of help.split("\n")) assert(line.length <= 80, `${line.length}: ${line}`);
  }
});

Deno.test("helpOf() lists every option of a command", () => {
  for (const command of Object.values<Command>(COMMANDS)) {
    const help = inOneLine(helpOf(command));
    for (const { name, help: what } of command.options) {
      assertStringIncludes(help, `--${name}`);
      assertStringIncludes(help, what);
    }
  }
});

// `stage` and `evaluate` said that they draw a sample, and that without a recipe it is the default one: they go on with
// the run that there is.
Deno.test("helpOf() promises a sample, and the default recipe, where a run is begun alone", () => {
  const drawing = Object.entries<Command>(COMMANDS).filter(([, command]) =>
    inOneLine(helpOf(command)).includes("without it a sample is drawn")
  );
  assertEquals(drawing.map(([name]) => name), ["pipeline", "studio"]);
  for (const command of [COMMANDS.stage, COMMANDS.evaluate]) {
    assertStringIncludes(inOneLine(helpOf(command)), "the run's folder (that of --data, else the latest)");
    assertEquals(inOneLine(helpOf(command)).includes("without it linear-probe"), false);
  }
});

Deno.test("overview() lists every command", () => {
  for (const name of Object.keys(COMMANDS)) assertStringIncludes(overview(), `deno task ${name}`);
});

Deno.test("helpOf() lists every recipe and every stage with what it is, where a command takes them", () => {
  for (const command of Object.values<Command>(COMMANDS)) {
    const help = helpOf(command);
    const takesRecipe = command.options.some(({ name }) => name === "recipe");
    for (const [name, { description }] of Object.entries(RECIPES)) {
      assertEquals(
        new RegExp(`^  ${name} +`, "m").test(help) && inOneLine(help).includes(description),
        takesRecipe,
        name,
      );
    }
    const takesStage = /NAME|pipeline/.test(command.usage.replace("--recipe NAME", ""));
    for (const name of STAGE_NAMES) assertEquals(new RegExp(`^  ${name} +[a-z]`, "m").test(help), takesStage, name);
  }
});

Deno.test("helpOf() says that a run remembers all of its settings, and nothing else", () => {
  const words = "data test weights recipe backend precision seed trim-test clip cache-gb cache";
  const remembered = (command: Command) =>
    /stay as they were: ((--[\w-]+ ?)+)/.exec(inOneLine(helpOf(command)))?.[1].trim().split(" ");
  assertEquals(remembered(COMMANDS.pipeline), words.split(" ").map((name) => `--${name}`));
  assertEquals(remembered(COMMANDS.stage), remembered(COMMANDS.pipeline));
  assertEquals(remembered(COMMANDS.evaluate)?.includes("--recipe"), false);
  assertEquals(remembered(COMMANDS.status), undefined);
});

Deno.test("helpOf() shows a review that can be followed as it stands, with keep, drop and relabel", () => {
  for (const command of [COMMANDS.pipeline, COMMANDS.stage]) {
    const example = helpOf(command).split("\n").find((line) => line.includes(`"keep"`)) ?? "";
    const { review: { keep, drop, relabel } } = parseReview(REVIEW_FILE, example);
    for (const photos of [keep, drop, relabel]) assert(photos.size > 0);
  }
});
