import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { FittedState } from "../../../../../pipeline/classifier/fitted.ts";
import { summaryOf } from "../../../../../pipeline/commands/endings/summary.ts";
import type { Json } from "../../../../../pipeline/files/hashing.ts";
import type { StageName } from "../../../../../pipeline/runner/stage.ts";
import { fakeManifest } from "../../store/fake_manifest.ts";

const STATE: FittedState = {
  name: "first fit",
  trainLoss: null,
  trainAccuracy: null,
  validationLoss: 0.1732,
  validationAccuracy: 0.96,
  rates: null,
  seconds: 1,
};
const VALIDATION = {
  photos: 78,
  logLoss: { value: 0.1732, low: 0.0173, high: 0.406 },
  clippedLogLoss: { value: 0.1499, low: 0.0171, high: 0.3306 },
  accuracy: { value: 0.9615, low: 0.9231, high: 1 },
};

/** A finished run, as its manifests tell of it. */
function finished(changed: Partial<Record<StageName, Record<string, number>>> = {}) {
  const stage = (stage: StageName, counts: Record<string, number>, details: Json = null) => ({
    stage,
    manifest: fakeManifest({ stage, counts: { ...counts, ...changed[stage] }, details }),
  });
  return [
    stage("scan", { cats: 199, unreadable: 3, unlabelled: 0 }),
    stage("filter", { dropped: 4 }),
    stage("split", { train: 316, validation: 78, undersampled: 0 }),
    stage("rescan", { outliers: 17 }),
    stage("finetune", {}, { states: [STATE, { ...STATE, name: "refit", validationLoss: 0.2108 }], kept: "first fit" }),
    stage("predict", { predicted: 100 }),
    stage("report", {}, { validation: VALIDATION }),
  ];
}

Deno.test("summaryOf() tells what the run came to, on lines of 80 columns", () => {
  assertEquals(summaryOf("runs/sample", finished()).split("\n"), [
    "photos kept 316 to train, 78 to validate",
    "dropped     4 too small, 3 unreadable",
    "outliers    17 (yours to keep or drop in runs/sample/review.json)",
    "classifier  first fit; validation losses: first fit 0.1732, refit 0.2108",
    "validation  log loss 0.1732 [0.0173, 0.4060], accuracy 96.15% [92.31%, 100.00%];",
    "            in brackets 95% intervals",
    "predicted   100 photos, in runs/sample/predict/submission.csv",
    "report      runs/sample/report/report.html",
  ]);
});

Deno.test("summaryOf() breaks long lines between words alone", () => {
  const photos = { scan: { unreadable: 12345, unlabelled: 23456 }, split: { undersampled: 34567 } };
  const lines = summaryOf("runs/sample", finished(photos)).split("\n");
  for (const line of lines) assert(line.length <= 80, line);
  assertStringIncludes(lines.map((line) => line.trim()).join(" "), "34567 undersampled of the larger class");
});

Deno.test("summaryOf() says so where nothing was dropped or predicted", () => {
  const text = summaryOf(
    "run",
    finished({ scan: { unreadable: 0 }, filter: { dropped: 0 }, predict: { predicted: 0 } }),
  );
  assertStringIncludes(text, "dropped     none");
  assertStringIncludes(text, "nothing: name photos with --test");
});

Deno.test("summaryOf() shows what a folder's name would do to a terminal", () => {
  assertStringIncludes(summaryOf("runs/a\x1b[2J", finished()), "runs/a\\u001b[2J/report/report.html");
});

Deno.test("summaryOf() tells of no stage that has not run, and of no count that is not there", () => {
  const stages = finished();
  assertThrows(() => summaryOf("run", stages.slice(1)), RangeError, `got "scan"`);
  const renamed = stages.map((state) => state.stage === "filter" ? { ...state, manifest: fakeManifest() } : state);
  assertThrows(() => summaryOf("run", renamed), RangeError, "Cannot find a count of filter");
});
