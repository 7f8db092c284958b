import { join } from "@std/path";
import { z } from "zod";
import { entryOf } from "../../../data/base/entry_of.ts";
import { ChosenFit, chosenFitText } from "../../classifier/chosen_fit.ts";
import { wrapped } from "../../terminal/table.ts";
import { visible } from "../../terminal/visible.ts";
import { REVIEW_FILE } from "../../review/file/review.ts";
import { SUBMISSION_FILE } from "../../predictions/submission.ts";
import { REPORT_FILE, ReportDetails } from "../../report/report_file.ts";
import type { StageState } from "../../runner/plan/planner.ts";
import type { StageName } from "../../runner/stage.ts";
import type { Manifest } from "../../store/manifest.ts";

/** Of what `scan` says of itself, what is told here. */
const ScanDetails = z.object({ leftOut: z.string() });

const NAME_WIDTH = 12;
const LINE_WIDTH = 80;

type Manifests = ReadonlyMap<StageName, Pick<Manifest, "counts" | "details">>;

/**
 * What the user wants to know when all is done.
 * @throws RangeError when a stage has not run, or does not count what is told of it.
 */
export function summaryOf(out: string, states: readonly Pick<StageState, "stage" | "manifest">[]): string {
  const stages: Manifests = new Map(states.flatMap(({ stage, manifest }) => manifest ? [[stage, manifest]] : []));
  const lines = [
    ["photos kept", photosKept(stages)],
    ["dropped", photosDropped(stages)],
    ...leftOut(stages),
    [
      "outliers",
      `${count(stages, "rescan", "outliers")} (yours to keep, drop or relabel in ${join(out, REVIEW_FILE)})`,
    ],
    ["classifier", classifier(stages)],
    ["validation", validation(stages)],
    ["predicted", predicted(stages, out)],
    ["report", join(out, "report", REPORT_FILE)],
  ];
  return lines.map(([name, value]) => line(name, visible(value))).join("\n");
}

function photosKept(stages: Manifests): string {
  return `${count(stages, "split", "train")} to train, ${count(stages, "split", "validation")} to validate`;
}

function photosDropped(stages: Manifests): string {
  const dropped: (readonly [number, string])[] = [
    [count(stages, "split", "dropped by you"), "by you"],
    [count(stages, "filter", "dropped"), "too small"],
    [count(stages, "scan", "unreadable"), "unreadable"],
    [count(stages, "scan", "unlabelled"), "without a label"],
    [count(stages, "split", "undersampled"), "undersampled of the larger class"],
  ];
  return dropped.filter(([photos]) => photos > 0).map((words) => words.join(" ")).join(", ") || "none";
}

/** What lay beside the photos and was taken for none, where there was any. */
function leftOut(stages: Manifests): string[][] {
  const { leftOut } = ScanDetails.parse(entryOf(stages, "scan", "a stage that has run").details);
  return leftOut === "" ? [] : [["left out", leftOut]];
}

/** Which of the two fits predicts, with the validation loss of both. */
function classifier(stages: Manifests): string {
  return chosenFitText(ChosenFit.parse(entryOf(stages, "predict", "a stage that has run").details));
}

function validation(stages: Manifests): string {
  const { validation } = ReportDetails.parse(entryOf(stages, "report", "a stage that has run").details);
  if (validation === null) return "no photos";
  const { logLoss, accuracy } = validation;
  const percent = (share: number) => `${(100 * share).toFixed(2)}%`;
  return `log loss ${logLoss.value.toFixed(4)} [${logLoss.low.toFixed(4)}, ${logLoss.high.toFixed(4)}], accuracy ` +
    `${percent(accuracy.value)} [${percent(accuracy.low)}, ${percent(accuracy.high)}]; in brackets 95% intervals`;
}

function predicted(stages: Manifests, out: string): string {
  const photos = count(stages, "predict", "predicted");
  return photos > 0
    ? `${photos} photos, in ${join(out, "predict", SUBMISSION_FILE)}`
    : "nothing: name photos with --test";
}

function count(stages: Manifests, stage: StageName, name: string): number {
  const { counts } = entryOf(stages, stage, "a stage that has run");
  return entryOf(new Map(Object.entries(counts)), name, `a count of ${stage}`);
}

/** A name with what is to be said of it, on lines of its own where it is long. */
function line(name: string, value: string): string {
  return wrapped(value, LINE_WIDTH - NAME_WIDTH)
    .map((part, k) => (k === 0 ? name : "").padEnd(NAME_WIDTH) + part).join("\n");
}
