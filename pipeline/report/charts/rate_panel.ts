import type { TopLevelSpec } from "vega-lite";
import type { EpochSummary } from "../report_data.ts";
import { CHART_WIDTH, COLOUR, drawable } from "./chart.ts";
import { epochAxis } from "./epoch_axis.ts";

export const RATE_HEIGHT = 70;

/** The learning rates of every epoch, on a logarithmic axis: a panel to stand below a chart over the same epochs. */
export function ratePanel(history: readonly EpochSummary[]): Extract<TopLevelSpec, { layer: unknown }> {
  const rates = history.flatMap((epoch, index) => [
    { step: index + 1, part: "head", rate: drawable(epoch.headRate) },
    { step: index + 1, part: "backbones", rate: drawable(epoch.backboneRate) },
  ]).filter(({ rate }) => rate !== null && rate > 0);
  const known = rates.map(({ rate }) => rate ?? 0);
  const x = { field: "step", type: "quantitative", ...epochAxis(history) } as const;
  const y = {
    field: "rate",
    type: "quantitative" as const,
    title: "rate",
    scale: { type: "log" as const, domain: [Math.min(...known) / 2, Math.max(...known) * 6] },
    axis: { values: [...new Set(known)], format: "~g" },
  };
  return {
    height: RATE_HEIGHT,
    width: CHART_WIDTH,
    data: { values: rates },
    layer: [
      {
        mark: {
          type: "line",
          interpolate: "step",
          strokeWidth: 2,
          color: COLOUR.ink,
          point: { color: COLOUR.ink, size: 20 },
        },
        encoding: {
          x,
          y,
          detail: { field: "part" },
          strokeDash: {
            field: "part",
            legend: null,
            scale: { domain: ["head", "backbones"], range: [[1, 0], [4, 3]] },
          },
        },
      },
      {
        // Each line is named where it begins.
        transform: [
          { window: [{ op: "row_number", as: "place" }], sort: [{ field: "step" }], groupby: ["part"] },
          { filter: "datum.place === 1" },
        ],
        mark: { type: "text", align: "left", baseline: "bottom", dx: -3, dy: -4 },
        encoding: { x, y, text: { field: "part" } },
      },
    ],
  };
}
