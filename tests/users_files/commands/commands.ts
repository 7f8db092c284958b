import fc from "fast-check";
import { STAGE_NAMES } from "../../../pipeline/runner/stage.ts";
import { oftenOf, photos, place, run } from "../worlds/places.ts";
import type { Manner, Step } from "../steps.ts";

/** Another way to write the same place. */
const written = (path: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(path, fc.constantFrom("", "", "", "slash", "dot", "absolute")).map(([path, way]) => {
    if (way === "slash") return `${path}/`;
    if (way === "dot") return `./${path}`;
    return way === "absolute" ? `HOME/${path}` : path;
  });
const option = (name: string, value: fc.Arbitrary<string>) => written(value).map((text) => [`--${name}`, text]);
/** Some words or none. */
const maybe = (words: fc.Arbitrary<string[]>, withThem = 1, without = 1) =>
  oftenOf([without, fc.constant<string[]>([])], [withThem, words]);
const wordsOf = (...parts: fc.Arbitrary<string[]>[]) => fc.tuple(...parts).map((words) => words.flat());
const constants = (...words: string[]) => fc.constant(words);

const data = option("data", photos);
const out = option("out", run);
const settings = wordsOf(
  maybe(data, 12),
  maybe(option("test", place), 1, 4),
  maybe(out, 6),
  maybe(constants("--weights", "mini"), 6),
  maybe(option("weights", place), 1, 12),
  oftenOf(
    [12, fc.constant<string[]>([])],
    [6, fc.constantFrom(["--seed", "1"], ["--trim-test", "false"])],
    [1, constants("--recipe", "seed")],
  ),
  maybe(constants("--replace"), 1, 2),
  maybe(option("cache", place), 1, 8),
  constants("--backend", "onnx"),
);
const forced = maybe(constants("--force"));
const dryRun = maybe(constants("--dry-run"), 1, 6);

/** Stages that need no engine are over at once, so they come most often. */
const stage = oftenOf<string>([14, fc.constantFrom("split", "scan", "trim", "filter")], [
  1,
  fc.constantFrom(...STAGE_NAMES),
]);
const words = oftenOf<string[]>(
  [20, wordsOf(constants("stage"), stage.map((name) => [name]), settings, forced, dryRun)],
  [3, wordsOf(constants("pipeline"), settings, forced, dryRun)],
  [
    2,
    wordsOf(
      constants("status"),
      oftenOf([5, out], [1, data], [1, fc.constant<string[]>([])]),
      maybe(constants("--json")),
    ),
  ],
  [1, wordsOf(constants("evaluate", "--folds", "2"), settings)],
  [2, wordsOf(constants("predict"), written(place).map((path) => [path]), maybe(option("run", run), 5))],
  [
    2,
    wordsOf(
      constants("cache", "--keep", "0MB"),
      maybe(option("cache", place), 5),
      maybe(constants("--dry-run"), 1, 4),
    ),
  ],
  [4, wordsOf(constants("export"), maybe(option("run", run), 5), maybe(option("to", place), 5))],
  [
    1,
    wordsOf(
      constants("sample"),
      maybe(option("out", place), 5),
      maybe(constants("--seed", "1")),
      maybe(constants("--replace")),
    ),
  ],
);

const milliseconds = (max: number) => fc.integer({ min: 0, max });
const manner = oftenOf<Manner>(
  [24, fc.constant({ kind: "here" })],
  [1, fc.constant({ kind: "process" })],
  [4, fc.record({ kind: fc.constant("stopped here"), after: milliseconds(800) })],
  [
    3,
    fc.record({
      kind: fc.constant("killed"),
      signal: fc.constantFrom("SIGKILL", "SIGTERM", "SIGINT"),
      after: milliseconds(2500),
    }),
  ],
);

/** Without photos of the user's a sample of 500 is drawn: that is stopped in its midst. */
const commandOf = (words: fc.Arbitrary<string[]>): fc.Arbitrary<Step> =>
  fc.record({ words, manner }).map(({ words, manner }) => {
    const mayDraw = ["pipeline", "stage", "evaluate", "sample"].includes(words[0]) && !words.includes("--data");
    const isStopped = manner.kind === "killed" || manner.kind === "stopped here";
    return { does: "command", words, manner: mayDraw && !isStopped ? { kind: "stopped here", after: 600 } : manner };
  });

/** Any command. */
export const command = commandOf(words);
/** One that begins a run or goes on with it. */
export const work = commandOf(
  oftenOf([9, wordsOf(constants("stage"), stage.map((name) => [name]), settings, forced)], [
    1,
    wordsOf(constants("pipeline"), settings, forced),
  ]),
);
export const exportCommand = commandOf(
  wordsOf(constants("export"), option("run", run), maybe(option("to", place), 3)),
);
