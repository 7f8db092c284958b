import type { EpochSummary } from "../report_data.ts";

/** Labels that fit beside each other. */
const MOST_TICKS = 12;

/** The epochs of both stages one after another, counted from 1, each labelled with its number within its stage. */
export function epochAxis(history: readonly EpochSummary[]) {
  const headEpochs = headEpochsOf(history);
  const step = [1, 2, 5, 10, 20, 50].find((step) => history.length / step <= MOST_TICKS) ?? 100;
  const ticks = history.flatMap(({ epoch }, index) => epoch % step === 0 ? [index + 1] : []);
  return {
    title: "epoch",
    scale: { domain: [0.5, history.length + 0.5], nice: false },
    axis: {
      grid: false,
      values: ticks,
      labelExpr: `datum.value > ${headEpochs} ? datum.value - ${headEpochs} : datum.value`,
    },
  };
}

/** How many of the epochs trained the head alone; they come first. */
export function headEpochsOf(history: readonly EpochSummary[]): number {
  return history.filter(({ stage }) => stage === "train").length;
}
