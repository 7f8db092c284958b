import { z } from "zod";
import { closestString } from "@std/text/closest-string";
import type { Arguments, Command } from "../../pipeline/commands/options/options.ts";
import { readArguments } from "../../pipeline/commands/options/read_arguments.ts";
import { UserError } from "../../pipeline/files/user_error.ts";

/** The parts of the benchmark that can be chosen. */
export const SECTIONS = ["photos", "feed", "transform", "backbones", "head", "finetune", "pipeline", "scale"] as const;
export type Section = (typeof SECTIONS)[number];

/** Everything but `scale`, which takes as long as all others together. */
const DEFAULT_SECTIONS: readonly Section[] = SECTIONS.filter((section) => section !== "scale");

/** What can run the backbones; PyTorch joins where `--torch` is given. */
export const CONTESTANT_NAMES = [
  "onnx",
  "onnx-int8",
  "webgpu",
  "tfjs-webgpu",
  "onnxruntime-webgpu",
  "tfjs-wasm",
] as const;
export type ContestantName = (typeof CONTESTANT_NAMES)[number];

export const BENCH: Command = {
  usage: "deno task bench [options]",
  help: "Time this project and its peers side by side in one run, after comparing what they compute; print one table.",
  options: [
    { name: "only", value: "PART,...", help: `parts: ${SECTIONS.join(", ")} (all but scale)` },
    {
      name: "engines",
      value: "NAME,...",
      help: `backbones on: ${CONTESTANT_NAMES.join(", ")} (all; webgpu where it is hardware)`,
    },
    { name: "torch", value: "PYTHON", help: "a Python with PyTorch, safetensors and Pillow: PyTorch joins as a peer" },
    {
      name: "reference",
      value: "DIR",
      help: "the networks in PyTorch, nets.py and seed_program.py (../shared/reference)",
    },
    { name: "weights", value: "mini|full|DIR", help: "the pretrained backbones (mini)" },
    { name: "data", value: "DIR", help: "labelled photos, cat.N.jpg and dog.N.jpg (photos are drawn)" },
    { name: "batches", value: "N,...", help: "photos a batch for the backbones (1,8,32)" },
    { name: "limit", value: "N", help: "photos to learn from in the part pipeline (400); a quarter more to predict" },
    { name: "sizes", value: "N,...", help: "photos of each run in the part scale (500,1000,2000,4000)" },
    { name: "runs", value: "N", help: "timed runs of each row, fewer where one takes over some seconds (7)" },
    { name: "threads", value: "N", help: "threads of PyTorch (as many as there are cores)" },
    { name: "quick", help: "small sizes, to see that everything works; the times mean nothing" },
    { name: "append", help: "add the table to docs/benchmarks.md" },
    { name: "note", value: "TEXT", help: "a line for the table, for example what else the machine was doing" },
    { name: "help", short: "h", help: "show this help" },
  ],
  wordsMeant: "only",
};

/** What the benchmark is asked to do. */
export interface BenchSettings {
  readonly sections: ReadonlySet<Section>;
  /** Contestants named by the user; none when all that suit the machine are meant. */
  readonly engines?: ReadonlySet<ContestantName>;
  readonly torch?: string;
  readonly reference: string;
  readonly weights: string;
  readonly data?: string;
  readonly batches: readonly number[];
  readonly limit: number;
  readonly sizes: readonly number[];
  readonly runs: number;
  readonly threads?: number;
  readonly quick: boolean;
  readonly append: boolean;
  readonly note?: string;
}

const count = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().positive());

/**
 * Reads the command's words.
 * @throws UserError that names the option, what it takes and what it got.
 */
export function benchSettings(words: readonly string[]): { given: Arguments; settings: BenchSettings } {
  const given = readArguments(BENCH, words);
  const quick = given.switches.has("quick");
  const { values } = given;
  const number = (name: string, before: number) => {
    const text = values.get(name);
    return text === undefined ? before : positive(name, text);
  };
  const numbers = (name: string, before: readonly number[]) =>
    values.get(name)?.split(",").map((text) => positive(name, text)) ?? before;
  const engines = values.get("engines")?.split(",").map((name) => chosen("engines", name, CONTESTANT_NAMES));
  const sections = values.get("only")?.split(",").map((name) => chosen("only", name, SECTIONS)) ?? DEFAULT_SECTIONS;
  return {
    given,
    settings: {
      sections: new Set(sections),
      engines: engines && new Set(engines),
      torch: values.get("torch"),
      reference: values.get("reference") ?? "../shared/reference",
      weights: values.get("weights") ?? "mini",
      data: values.get("data"),
      batches: numbers("batches", quick ? [1, 2] : [1, 8, 32]),
      limit: number("limit", quick ? 120 : 400),
      sizes: numbers("sizes", quick ? [100, 200] : [500, 1000, 2000, 4000]),
      runs: number("runs", quick ? 2 : 7),
      threads: values.has("threads") ? number("threads", 1) : undefined,
      quick,
      append: given.switches.has("append"),
      note: values.get("note"),
    },
  };
}

function positive(name: string, text: string): number {
  const result = count.safeParse(text.trim());
  if (result.success) return result.data;
  throw new UserError(`Cannot use --${name} ${text}: expected a whole number of 1 or more`);
}

function chosen<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text.trim());
  if (found) return found;
  throw new UserError(
    `Cannot use --${option} ${text}: expected some of ${names.join(", ")}. Did you mean ${closestString(text, names)}?`,
  );
}
