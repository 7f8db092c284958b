import { parseArgs } from "@std/cli/parse-args";
import { closestString } from "@std/text/closest-string";
import { UserError } from "../files/user_error.ts";

/** An option of the command line. */
export interface Option {
  readonly name: string;
  /** What stands after it in the help, e.g. `DIR`; none for a switch. */
  readonly value?: string;
  readonly help: string;
}

const data: Option = { name: "data", value: "DIR|ZIP", help: "labelled photos; without it a sample is drawn" };
const test: Option = { name: "test", value: "DIR|ZIP", help: "photos to predict" };
const out: Option = { name: "out", value: "DIR", help: "the run's folder (runs/sample, or runs/photos with --data)" };
const weights: Option = { name: "weights", value: "mini|full|DIR", help: "the pretrained backbones" };
const recipe: Option = {
  name: "recipe",
  value: "NAME",
  help: "the training's hyperparameters (linear-probe, once called blocks); writeup (once seed): the write-up's",
};
const backend: Option = { name: "backend", value: "auto|webgpu|onnx|wasm|cpu", help: "what computes (auto)" };
const seed: Option = { name: "seed", value: "NUMBER", help: "where all random numbers start (0)" };
const trimTest: Option = { name: "trim-test", value: "true|false", help: "trim photos to predict as well (true)" };
const clip: Option = {
  name: "clip",
  value: "P",
  help: "keep predictions this far from 0 and 1 (0.005); 0: as they are",
};
const cacheGb: Option = { name: "cache-gb", value: "GB", help: "disk for cached activations (40)" };
const force: Option = { name: "force", help: "run again though nothing changed" };
const dryRun: Option = { name: "dry-run", help: "say what would run and why, and run nothing" };
const json: Option = { name: "json", help: "print JSON" };
const csv: Option = { name: "csv", help: "print CSV" };
const run: Option = { name: "run", value: "DIR", help: "the run whose classifier answers (the latest)" };
const help: Option = { name: "help", help: "show this help" };

const settings = [data, test, out, weights, recipe, backend, seed, trimTest, clip, cacheGb];

const recipes: Option = {
  name: "recipe",
  value: "NAME,...",
  help: "what to evaluate: one recipe, several with commas between, or all (the run's own)",
};

/** A command, what it takes and what it is for. */
export interface Command {
  readonly usage: string;
  readonly help: string;
  readonly options: readonly Option[];
}

export const COMMANDS = {
  pipeline: {
    usage: "deno task pipeline [options]",
    help: "Run every stage that is out of date, from a folder of photos to submission.csv and report.html.",
    options: [...settings, force, dryRun, help],
  },
  stage: {
    usage: "deno task stage NAME [options]",
    help: "Run one stage, and those before it that are out of date.",
    options: [...settings, force, dryRun, help],
  },
  status: {
    usage: "deno task status [--out DIR] [--json]",
    help: "List the stages: up to date or not, and why.",
    options: [out, json, help],
  },
  evaluate: {
    usage: "deno task evaluate [--recipe NAME,...|all] [options]",
    help: "Compare recipes by cross-validation over all labelled photos; print a table, write RUN/evaluate/NAME.json.",
    options: [
      recipes,
      { name: "folds", value: "NUMBER", help: "parts that the photos are divided into (5)" },
      { name: "epochs", value: "NUMBER", help: "epochs of a fusion network's head (the recipe's)" },
      {
        name: "outliers",
        value: "FILE",
        help: "manifest.csv or truth.json that names outliers (that beside the photos)",
      },
      ...settings.filter((option) => option !== recipe),
      help,
    ],
  },
  predict: {
    usage: "deno task predict PHOTO|FOLDER ... [--run DIR]",
    help: "P(dog) of photos, by a finished run's classifier.",
    options: [run, backend, json, csv, help],
  },
  weights: {
    usage: "deno task weights [--mirror URL] [--from DIR]",
    help: "Fetch the full-size backbones into weights/full.",
    options: [
      { name: "mirror", value: "URL", help: "fetch from here instead of huggingface.co" },
      { name: "from", value: "DIR", help: "copy from a folder" },
      help,
    ],
  },
  sample: {
    usage: "deno task sample [--out DIR] [--seed NUMBER]",
    help: "Draw the sample photos.",
    options: [{ name: "out", value: "DIR", help: "the folder to draw into (runs/sample-photos)" }, seed, help],
  },
  export: {
    usage: "deno task export [--run DIR] [--to DIR]",
    help: "Write a run's classifier as ONNX files.",
    options: [run, { name: "to", value: "DIR", help: "where to write (the run's folder, export/)" }, help],
  },
} as const satisfies Record<string, Command>;
export type CommandName = keyof typeof COMMANDS;

/** What was given on the command line. */
export interface Arguments {
  /** Words that are no options. */
  readonly words: string[];
  readonly values: ReadonlyMap<string, string>;
  readonly switches: ReadonlySet<string>;
}

/**
 * Reads a command's words; of an option that is given twice the last value counts.
 * @throws UserError for an unknown option (naming the nearest known one) or one without its value.
 */
export function readArguments(command: Command, words: readonly string[]): Arguments {
  const names = command.options.map(({ name }) => name);
  const parsed = parseArgs([...words], {
    // Words count as text too: a folder may be called 007.
    string: [...command.options.filter(({ value }) => value).map(({ name }) => name), "_"],
    boolean: command.options.filter(({ value }) => !value).map(({ name }) => name),
    unknown: (argument, key) => {
      if (key === undefined) return true;
      throw new UserError(
        `Cannot use ${argument.split("=")[0]}: expected one of ${names.map((name) => `--${name}`).join(" ")}. ` +
          `Did you mean --${closestString(key, names)}?`,
      );
    },
  });
  const values = new Map<string, string>();
  const switches = new Set<string>();
  for (const { name, value } of command.options) {
    const given = parsed[name];
    if (!value && given === true) switches.add(name);
    if (!value || given === undefined) continue;
    if (typeof given !== "string" || given === "") {
      throw new UserError(`Cannot use --${name}: expected a value (--${name} ${value}), got none`);
    }
    values.set(name, given);
  }
  return { words: parsed._.map(String), values, switches };
}

/** The help text of one command. */
export function helpOf(command: Command): string {
  const left = command.options.map(({ name, value }) => `  --${name}${value ? ` ${value}` : ""}`);
  const width = Math.max(...left.map((text) => text.length));
  const lines = command.options.map(({ help }, k) => `${left[k].padEnd(width)}  ${help}`);
  return [`${command.usage}`, "", command.help, "", ...lines].join("\n");
}

/** The help text of the whole command line. */
export function overview(): string {
  const commands = Object.values<Command>(COMMANDS).map(({ usage, help }) => `  ${usage}\n      ${help}`);
  return ["Turns a folder of cat and dog photos into a classifier and predictions.", "", ...commands].join("\n");
}
