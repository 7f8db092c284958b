import { REVIEW_EXAMPLE, REVIEW_FILE } from "../../review/file/review.ts";
import { DEFAULT_RECIPE, RECIPES } from "../../settings/recipes.ts";
import { TABLE_WIDTH, wrapped } from "../../terminal/table.ts";
import { type Command, COMMANDS } from "./options.ts";
import { STAGE_DESCRIPTIONS } from "./stage_descriptions.ts";

/** The help text of one command. */
export function helpOf(command: Command): string {
  const options = command.options.map(({ name, value, short, help }): [string, string] => [
    `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
    help,
  ]);
  const lists = (command.lists ?? []).map((list) => LISTS[list]);
  const about = wrapped(command.help, TABLE_WIDTH);
  return [command.usage, "", ...about, "", ...aligned(options), ...memory(command), ...lists.flat()].join("\n");
}

/** What a run remembers, so that a command need not say it again. */
function memory({ remembered = [] }: Command): string[] {
  if (remembered.length === 0) return [];
  return [
    "",
    "A run remembers what it was last given for these; left out, they stay as they",
    "were:",
    ...indented(remembered.map(({ name }) => `--${name}`).join(" "), 2),
  ];
}

/** Names with what is to be said of them beside them, in lines that fit a terminal. */
function aligned(rows: readonly (readonly [name: string, text: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, text]) =>
    indented(text, width + 4).map((line, k) => (k === 0 ? `  ${name.padEnd(width)}  ${line.trimStart()}` : line))
  );
}

function indented(text: string, columns: number): string[] {
  return wrapped(text, TABLE_WIDTH - columns).map((line) => " ".repeat(columns) + line);
}

const LISTS = {
  review: [
    "",
    `Your word on labelled photos is RUN/${REVIEW_FILE}: those to keep are never set`,
    "aside, those to drop take part in nothing, those to relabel are what you say:",
    `  ${REVIEW_EXAMPLE}`,
  ],
  stages: ["", "Stages:", ...aligned(Object.entries(STAGE_DESCRIPTIONS))],
  recipes: [
    "",
    `Recipes (--recipe; a run begins with ${DEFAULT_RECIPE}):`,
    ...aligned(Object.entries(RECIPES).map(([name, { description }]) => [name, description])),
  ],
};

/** The help text of the whole command line. */
export function overview(): string {
  const commands = Object.values<Command>(COMMANDS).map(({ usage, help }) =>
    [`  ${usage}`, ...indented(help, 6)].join("\n")
  );
  const more = "Each takes --help (-h) for its options, and --version.";
  return ["Turns a folder of cat and dog photos into a classifier and predictions.", "", ...commands, "", more].join(
    "\n",
  );
}
