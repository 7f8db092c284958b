import { MOST_PARTS } from "./most_parts.ts";

/** An option of the command line. */
export interface Option {
  readonly name: string;
  /** What stands after it in the help, e.g. `DIR`; none for a switch. */
  readonly value?: string;
  /** A letter that means the same after one dash. */
  readonly short?: string;
  readonly help: string;
}

const data: Option = { name: "data", value: "DIR|ZIP", help: "labelled photos; without it a sample is drawn" };
const test: Option = { name: "test", value: "DIR|ZIP", help: "photos to predict" };
const out: Option = {
  name: "out",
  value: "DIR",
  help: "the run's folder (named after its photos: runs/photos-train, runs/sample)",
};
const weights: Option = { name: "weights", value: "mini|full|DIR", help: "the pretrained backbones" };
const recipe: Option = {
  name: "recipe",
  value: "NAME",
  help: "the training's hyperparameters (linear-probe, once called blocks); writeup (once seed): the write-up's",
};
const backend: Option = { name: "backend", value: "auto|webgpu|onnx|wasm|cpu", help: "what computes (auto)" };
const precision: Option = {
  name: "precision",
  value: "auto|int8|f32",
  help: "what frozen backbones compute in (auto: 8-bit integers where the CPU's engine is faster by them)",
};
const seed: Option = {
  name: "seed",
  value: "NUMBER",
  help: "where all random numbers start (0): a whole number from -2147483648 to 2147483647",
};
const trimTest: Option = { name: "trim-test", value: "true|false", help: "trim photos to predict as well (true)" };
const clip: Option = {
  name: "clip",
  value: "P",
  help: "keep predictions this far from 0 and 1 (0.005); 0: as they are",
};
const cacheGb: Option = { name: "cache-gb", value: "GB", help: "disk for cached activations (40)" };
const cache: Option = {
  name: "cache",
  value: "DIR",
  help: "the folder of photos' features that all runs share (runs/.features)",
};
const force: Option = { name: "force", help: "run again though nothing changed" };
const dryRun: Option = { name: "dry-run", help: "say what would run and why, and run nothing" };
const part: Option = {
  name: "part",
  value: "I/N",
  help: "of transform, compute part I of N ahead, as other machines that see the same folders compute the others",
};
const watch: Option = { name: "watch", help: "go on whenever photos or the review change, until Ctrl-C" };
const replace: Option = {
  name: "replace",
  help: "let these photos, or the sample of this seed, take the place of those that the run has",
};
const check: Option = {
  name: "check",
  help: "read all files of the run, its photos and weights, and say what is no longer as it was (status 1)",
};
const json: Option = { name: "json", help: "print JSON" };
const csv: Option = { name: "csv", help: "print CSV; a name like =1.jpg gets an apostrophe in front" };
const run: Option = { name: "run", value: "DIR", help: "the run whose classifier answers (the latest)" };
const dataOfRun: Option = { name: "data", value: "DIR|ZIP", help: "the run on these photos, in place of the latest" };

/** What every command takes. */
const help: Option = { name: "help", short: "h", help: "show this help" };
const version: Option = { name: "version", help: "show the program's version" };

const settings = [data, test, out, weights, recipe, backend, precision, seed, trimTest, clip, cacheGb, cache];

/** The settings themselves, without the place where they are kept. */
const remembered = settings.filter((option) => option !== out);

/** The settings of a command that goes on with a run, and starts one on photos that are named alone. */
const settingsToGoOnWith = settings.map((option): Option => {
  if (option === data) return { ...data, help: "labelled photos: the run on them, or a new one (the latest run's)" };
  return option === out ? { ...out, help: "the run's folder (that of --data, else the latest)" } : option;
});

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
  /** The option that a word without one may have been meant for; without it, the command takes words. */
  readonly wordsMeant?: string;
  /** Options of which one alone can be. */
  readonly oneOf?: readonly string[];
  /** Options that a run remembers from the last command that gave them. */
  readonly remembered?: readonly Option[];
  /** What is said when it is stopped, where nothing of its work is kept. */
  readonly stopped?: string;
  /** What its options and words may name, listed at the end of its help. */
  readonly lists?: readonly ("recipes" | "stages" | "review")[];
}

export const COMMANDS = {
  pipeline: {
    usage: "deno task pipeline [options]",
    help:
      "Run every stage that is out of date, from a folder of photos to submission.csv and report.html. Photos are " +
      "labelled by their names, cat.1.jpg and dog.1.jpg, or by their folders, cats/ and dogs/. In submission.csv, a " +
      "photo that no number names stands under its name as it is: do not open it in a spreadsheet if you do not trust " +
      "the names.",
    options: [...settings, replace, force, dryRun, watch, help, version],
    wordsMeant: "data",
    oneOf: ["dry-run", "watch"],
    remembered,
    lists: ["stages", "recipes", "review"],
  },
  stage: {
    usage: "deno task stage NAME [options]",
    help: "Run one stage, and those before it that are out of date.",
    options: [...settingsToGoOnWith, part, replace, force, dryRun, help, version],
    remembered,
    lists: ["stages", "recipes", "review"],
  },
  status: {
    usage: "deno task status [--out DIR | --data DIR] [--check] [--json]",
    help: "List the stages: up to date or not, and why.",
    options: [{ ...out, help: "the run's folder (the latest run's)" }, dataOfRun, check, json, help, version],
    wordsMeant: "out",
  },
  studio: {
    usage: "deno task studio [--run DIR] [--port NUMBER]",
    help:
      "A local page on which a run is started and watched, its photos are looked at and decided on, and any picture " +
      "is tried. Open the address that it prints; Ctrl-C ends it.",
    options: [
      { name: "run", value: "DIR", help: "the run to show, or to start (the latest, or runs/sample)" },
      { name: "port", value: "NUMBER", help: "the port of this machine to listen at (8642, or any that is free)" },
      ...remembered,
      help,
      version,
    ],
    wordsMeant: "run",
    remembered,
    lists: ["recipes"],
  },
  evaluate: {
    usage: "deno task evaluate [--recipe NAME,...|all] [options]",
    help:
      "Compare recipes by cross-validation over all labelled photos; print a table, and keep the results in RUN/evaluate/: those of other folds and seeds stay beside them.",
    options: [
      recipes,
      { name: "folds", value: "NUMBER", help: "parts that the photos are divided into (5)" },
      { name: "epochs", value: "NUMBER", help: "epochs of a fusion network's head (the recipe's)" },
      {
        name: "outliers",
        value: "FILE",
        help: "manifest.csv or truth.json that names outliers (that beside the photos)",
      },
      ...settingsToGoOnWith.filter((option) => option !== recipe),
      replace,
      help,
      version,
    ],
    wordsMeant: "recipe",
    remembered: remembered.filter((option) => option !== recipe),
    lists: ["recipes"],
  },
  predict: {
    usage: "deno task predict PHOTO|FOLDER|ZIP ... [--run DIR | --data DIR] [options]",
    help:
      "P(dog) of photos (JPEG, PNG, WebP, GIF, TIFF, AVIF, HEIC), by a finished run's classifier; trimmed as that run trims photos to predict (--trim-test), " +
      "and not clipped. What cannot be read is named at the end (status 1).",
    options: [run, dataOfRun, backend, json, csv, help, version],
    oneOf: ["json", "csv"],
    stopped: "Stopped. No prediction was printed: the same command begins anew.",
  },
  weights: {
    usage: "deno task weights [--mirror URL] [--from DIR]",
    help: "Fetch the full-size backbones into weights/full.",
    options: [
      { name: "mirror", value: "URL", help: "fetch from here instead of huggingface.co" },
      { name: "from", value: "DIR", help: "copy from a folder" },
      help,
      version,
    ],
    wordsMeant: "from",
  },
  sample: {
    usage: "deno task sample [--out DIR] [--seed NUMBER]",
    help: "Draw the sample photos.",
    options: [
      { name: "out", value: "DIR", help: "the folder to draw into (runs/sample-photos)" },
      seed,
      { name: "replace", help: "draw in the place of the sample of another seed" },
      help,
      version,
    ],
    wordsMeant: "out",
  },
  export: {
    usage: "deno task export [--run DIR] [--to DIR] [--batches] | --web DIR",
    help:
      "Write a run's classifier as one ONNX file: a photo in, P(dog) out. Or as a page that classifies pictures in the " +
      "visitor's own browser.",
    options: [
      run,
      dataOfRun,
      { name: "to", value: "DIR", help: "where to write (the run's folder, export/)" },
      { name: "batches", help: "also write one that takes batches of resized photos" },
      { name: "web", value: "DIR", help: "write a page there instead, for any server of files" },
      help,
      version,
    ],
    wordsMeant: "run",
  },
  cache: {
    usage: "deno task cache [--older-than DAYS] [--keep SIZE] [--weights HASH] [--dry-run]",
    help:
      "Show the photos' features that are kept for all runs: by which weights, at which sizes and by which engine they " +
      "were made, and when they were last used. With one or more of the options, remove what any of them names, those " +
      "used longest ago first; never what a process is using (status 1 then). A run whose features were removed " +
      "computes them again when it needs them.",
    options: [
      cache,
      { name: "older-than", value: "DAYS", help: "remove what has not been used for so long, like 30d" },
      { name: "keep", value: "SIZE", help: "remove what is more than that, like 2GB" },
      { name: "weights", value: "HASH", help: "remove what these weights made, by the digits that the table shows" },
      { name: "dry-run", help: "say what would be removed, and remove nothing" },
      help,
      version,
    ],
    wordsMeant: "cache",
    stopped: "Stopped. What was removed by then is gone: the same command goes on.",
  },
  slurm: {
    usage: "deno task slurm --parts NUMBER [options]",
    help:
      "Hand a run to Slurm: an array job computes the photos' features in parts, on as many machines as there are, and " +
      "a second job runs the rest of the pipeline when all parts are done. A part that fails or is preempted is queued " +
      "again and goes on where it was; while one has failed, nothing is predicted. The machines see the same folders.",
    options: [
      { name: "parts", value: "NUMBER", help: `into how many parts the features are divided, 1 to ${MOST_PARTS}` },
      { name: "partition", value: "NAME", help: "as sbatch takes it" },
      { name: "time", value: "LIMIT", help: "as sbatch takes it, like 2:00:00" },
      { name: "mem", value: "SIZE", help: "as sbatch takes it, like 16G" },
      { name: "cpus-per-task", value: "NUMBER", help: "as sbatch takes it" },
      { name: "gres", value: "LIST", help: "as sbatch takes it, like gpu:1" },
      ...settings,
      replace,
      help,
      version,
    ],
    wordsMeant: "data",
    remembered,
    lists: ["recipes"],
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
