import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import type { ChosenFit } from "../../../../../pipeline/classifier/chosen_fit.ts";
import { summaryOf } from "../../../../../pipeline/commands/endings/summary.ts";
import type { Json } from "../../../../../pipeline/files/hashing.ts";
import type { StageName } from "../../../../../pipeline/runner/stage.ts";
import { fakeManifest } from "../../store/fake_manifest.ts";

const CHOSEN = {
  classifier: "first fit",
  fittedTo: "all training photos that the user left",
  validationLoss: { "first fit": 0.1732, "second fit": 0.2108 },
} satisfies ChosenFit;
const VALIDATION = {
  photos: 78,
  logLoss: { value: 0.1732, low: 0.0173, high: 0.406 },
  clippedLogLoss: { value: 0.1499, low: 0.0171, high: 0.3306 },
  accuracy: { value: 0.9615, low: 0.9231, high: 1 },
};

/** A finished run, as its manifests tell of it. */
function finished(changed: Partial<Record<StageName, Record<string, number>>> = {}, leftOut = "") {
  const stage = (stage: StageName, counts: Record<string, number>, details: Json = null) => ({
    stage,
    manifest: fakeManifest({ stage, counts: { ...counts, ...changed[stage] }, details }),
  });
  return [
    stage("scan", { cats: 199, unreadable: 3, unlabelled: 0 }, { leftOut }),
    stage("filter", { dropped: 4 }),
    stage("split", { train: 316, validation: 78, undersampled: 0, "dropped by you": 2 }),
    stage("rescan", { outliers: 17 }),
    stage("predict", { predicted: 100 }, CHOSEN),
    stage("report", {}, { validation: VALIDATION }),
  ];
}

Deno.test("summaryOf() tells what the run came to, on lines of 80 columns", () => {
  assertEquals(summaryOf("runs/sample", finished()).split("\n"), [
    "photos kept 316 to train, 78 to validate",
    "dropped     2 by you, 4 too small, 3 unreadable",
    "outliers    17 (yours to keep, drop or relabel in runs/sample/review.json)",
    "classifier  fit with the outliers, validation loss 0.1732; without them 0.2108",
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
    finished({
      scan: { unreadable: 0 },
      split: { "dropped by you": 0 },
      filter: { dropped: 0 },
      predict: { predicted: 0 },
    }),
  );
  assertStringIncludes(text, "dropped     none");
  assertStringIncludes(text, "nothing: name photos with --test");
});

Deno.test("summaryOf() names what lay beside the photos, at each run", () => {
  const beside = "3 videos (a.mov, b.mov, c.mov), 1 SVG drawing (logo.svg), 2 hidden files (.a, .b)";
  const lines = summaryOf("run", finished({}, beside)).split("\n");
  for (const line of lines) assert(line.length <= 80, line);
  assertEquals(lines.slice(2, 4), [
    "left out    3 videos (a.mov, b.mov, c.mov), 1 SVG drawing (logo.svg), 2 hidden",
    "            files (.a, .b)",
  ]);
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
