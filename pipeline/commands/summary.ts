import { join } from "@std/path";
import { ChosenFit, chosenFitText } from "../classifier/chosen_fit.ts";
import type { StageState } from "../runner/runner.ts";
import { REPORT_FILE } from "../stages/report.ts";
import { SUBMISSION_FILE } from "../stages/predict.ts";
import { REVIEW_FILE } from "../outliers/review.ts";
import type { StageName } from "../runner/stage.ts";
import { visible } from "../terminal/visible.ts";

/** What the user wants to know when all is done. */
export function summaryOf(out: string, states: readonly StageState[]): string {
  const counts = (stage: StageName) => states.find((state) => state.stage === stage)?.manifest?.counts ?? {};
  const { scan, filter, split, rescan, predict } = Object.fromEntries(
    (["scan", "filter", "split", "rescan", "predict"] as const).map((stage) => [stage, counts(stage)]),
  );
  const classifier = ChosenFit.parse(states.find(({ stage }) => stage === "predict")?.manifest?.details);
  const dropped = [
    `${split["dropped by you"]} by you`,
    `${filter.dropped} too small`,
    `${scan.unreadable} unreadable`,
    `${scan.unlabelled} without a label`,
    `${split.undersampled} undersampled of the larger class`,
  ].filter((reason) => !reason.startsWith("0 "));
  const lines = [
    ["photos kept", `${split.train} to train, ${split.validation} to validate`],
    ["dropped", dropped.join(", ") || "none"],
    ["outliers", `${rescan.outliers} (yours to keep or drop in ${join(out, REVIEW_FILE)})`],
    ["classifier", chosenFitText(classifier)],
    [
      "validation",
      `log loss ${predict["validation log loss"].toFixed(4)}, accuracy ` +
      `${(predict["validation accuracy"] * 100).toFixed(2)}%`,
    ],
    [
      "predicted",
      predict.predicted > 0
        ? `${predict.predicted} photos, in ${join(out, "predict", SUBMISSION_FILE)}`
        : "nothing: name photos with --test",
    ],
    ["report", join(out, "report", REPORT_FILE)],
  ];
  return lines.map(([name, value]) => `${name.padEnd(12)}${visible(value)}`).join("\n");
}
