import { basename } from "@std/path";
import { alignedTable } from "../terminal/table.ts";
import type { Estimate } from "../predictions/bootstrap.ts";
import type { Evaluation } from "./evaluation.ts";
import { type Estimates, type Measure, MEASURES } from "./measures.ts";

/**
 * Evaluations side by side, as text: the measures of each over all photos; where outliers are known, the measures
 * without them and how many of them each ranking finds.
 */
export function evaluationTables(evaluations: readonly Evaluation[]): string {
  const [{ all, folds, seed, clip }] = evaluations;
  const sections = [
    `${all.photos} photos, ${folds} folds, seed ${seed}; in brackets 95% of bootstrap samples`,
    measuresTable(evaluations.map(({ name, all }) => [name, all.measures]), clip),
  ];
  const withOutliers = evaluations.flatMap(({ name, outliers }) => outliers ? [{ name, outliers }] : []);
  if (withOutliers.length > 0) {
    const [{ outliers: { source, known } }] = withOutliers;
    sections.push(
      `Without the outliers that ${basename(source)} names (${known})`,
      measuresTable(withOutliers.map(({ name, outliers }) => [name, outliers.without.measures]), clip),
      "How many of these outliers stand first when photos are ranked",
      rankingsTable(withOutliers),
    );
  }
  return sections.join("\n\n");
}

function measuresTable(rows: readonly (readonly [string, Estimates])[], clip: number): string {
  const headings: Record<Measure, string> = {
    logLoss: "log loss",
    clippedLogLoss: `clipped at ${clip}`,
    accuracy: "accuracy",
    areaUnderRocCurve: "area under ROC",
    calibrationError: "calibration error",
  };
  return alignedTable(
    ["recipe", ...MEASURES.map((measure) => headings[measure])],
    rows.map(([name, measures]) => [name, ...MEASURES.map((measure) => estimateText(measure, measures[measure]))]),
  );
}

function estimateText(measure: Measure, { value, low, high }: Estimate): string {
  const text = measure === "accuracy"
    ? (share: number) => `${(100 * share).toFixed(2)}%`
    : (number: number) => number.toFixed(measure === "areaUnderRocCurve" ? 5 : 4);
  return `${text(value)} [${text(low)}, ${text(high)}]`;
}

function rankingsTable(
  rows: readonly { readonly name: string; readonly outliers: NonNullable<Evaluation["outliers"]> }[],
): string {
  const [{ outliers }] = rows;
  const lengths = outliers.rankings[0].found.map(({ first }) => `first ${first}`);
  const last = lengths.at(-1) ?? "";
  return alignedTable(
    ["recipe", "ranked by", ...lengths, `what the ${last} are`],
    rows.flatMap(({ name, outliers }) =>
      outliers.rankings.map(({ ranking, found }) => [
        name,
        ranking,
        ...found.map(({ outliers, recall }) => `${outliers} (${(100 * recall).toFixed(0)}%)`),
        tiersText(found.at(-1)?.tiers ?? {}),
      ])
    ),
  );
}

function tiersText(tiers: Readonly<Record<string, number>>): string {
  return Object.entries(tiers).sort().map(([tier, count]) => `${count} ${tier}`).join(", ");
}
