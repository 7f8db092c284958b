import { basename } from "@std/path";
import { alignedTable, TABLE_WIDTH, wrapped } from "../../terminal/table.ts";
import type { Estimate } from "../../predictions/bootstrap.ts";
import type { Evaluation } from "./evaluation.ts";
import { type Estimates, type Measure, MEASURES } from "./measures.ts";

type Measured = readonly (readonly [recipe: string, measures: Estimates])[];
type OutlierResults = NonNullable<Evaluation["outliers"]>;

/**
 * Evaluations beside each other, as text that fits a terminal: the measures of each over all photos; where outliers are
 * known, the measures without them and how many of them each ranking finds.
 */
export function evaluationTables(evaluations: readonly Evaluation[]): string {
  const [{ all, folds, seed, clip }] = evaluations;
  const sections = [
    inLines(`${all.photos} photos, ${folds} folds, seed ${seed}; intervals hold 95% of bootstrap samples`),
    ...measuresSections(evaluations.map(({ name, all }) => [name, all.measures]), clip),
  ];
  const withOutliers = evaluations.flatMap(({ name, outliers }) => outliers ? [{ name, outliers }] : []);
  if (withOutliers.length > 0) {
    const [{ outliers: { source, known } }] = withOutliers;
    sections.push(
      inLines(`Without the outliers that ${basename(source)} names (${known})`),
      ...measuresSections(withOutliers.map(({ name, outliers }) => [name, outliers.without.measures]), clip),
      ...withOutliers.map(({ name, outliers }) =>
        `How many of these outliers each ranking puts first, ${name}\n${rankingsTable(outliers)}`
      ),
    );
  }
  return sections.join("\n\n");
}

function inLines(text: string): string {
  return wrapped(text, TABLE_WIDTH).join("\n");
}

/** The measures, and why where a value lies outside its own interval. */
function measuresSections(rows: Measured, clip: number): string[] {
  const isOutside = ({ value, low, high }: Estimate) => value < low || value > high;
  const outside = MEASURES.filter((measure) => rows.some(([, measures]) => isOutside(measures[measure])));
  const names = outside.map((measure) => measureName(measure, clip)).join(", ");
  const why = `A value outside its interval (${names}): samples repeat some photos and lack others, which moves this ` +
    `measure one way. The interval then tells how wide, not where`;
  return [measuresTable(rows, clip), ...outside.length > 0 ? [inLines(why)] : []];
}

/** A row for each measure of each recipe: those of one measure stand below each other, to be compared. */
function measuresTable(rows: Measured, clip: number): string {
  return alignedTable(
    ["measure", "recipe", "value", "95% interval"],
    MEASURES.flatMap((measure) =>
      rows.map(([recipe, measures], k) => {
        const { value, low, high } = measures[measure];
        const text = (number: number) => measureText(measure, number);
        return [k === 0 ? measureName(measure, clip) : "", recipe, text(value), `${text(low)} to ${text(high)}`];
      })
    ),
    TABLE_WIDTH,
  );
}

function measureName(measure: Measure, clip: number): string {
  const names: Record<Measure, string> = {
    logLoss: "log loss",
    clippedLogLoss: `clipped at ${clip}`,
    accuracy: "accuracy",
    areaUnderRocCurve: "area under ROC",
    calibrationError: "calibration error",
  };
  return names[measure];
}

function measureText(measure: Measure, value: number): string {
  return measure === "accuracy"
    ? `${(100 * value).toFixed(2)}%`
    : value.toFixed(measure === "areaUnderRocCurve" ? 5 : 4);
}

function rankingsTable({ rankings }: OutlierResults): string {
  const lengths = rankings[0].found.map(({ first }) => `first ${first}`);
  return alignedTable(
    ["ranked by", ...lengths, `what the ${lengths.at(-1) ?? ""} are`],
    rankings.map(({ ranking, found }) => [
      ranking,
      ...found.map(({ outliers, recall }) => `${outliers} (${(100 * recall).toFixed(0)}%)`),
      tiersText(found.at(-1)?.tiers ?? {}),
    ]),
    TABLE_WIDTH,
  );
}

function tiersText(tiers: Readonly<Record<string, number>>): string {
  return Object.entries(tiers).sort().map(([tier, count]) => `${count} ${tier}`).join(", ");
}
