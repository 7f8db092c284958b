import { CHART_WIDTH, COLOUR, renderChart } from "../../../report/charts/chart.ts";
import { type Html, nothing } from "../../../report/html.ts";
import type { MeasuredRun } from "../../side_by_side/measured_run.ts";

const ROW_HEIGHT = 30;

/** The log loss of each run as a point on its 95% interval, one below the other. */
export async function lossIntervals(runs: readonly MeasuredRun[]): Promise<Html> {
  const values = runs.flatMap(({ name, kind, logLoss }) => logLoss ? [{ name, kind, ...logLoss }] : []);
  if (values.length === 0) return nothing;
  const y = { field: "name", type: "nominal", title: null, sort: null, axis: { grid: true, labelLimit: 0 } } as const;
  const x = { type: "quantitative", title: "log loss, with its 95% interval", scale: { zero: true } } as const;
  return await renderChart({
    width: CHART_WIDTH * 1.4,
    height: { step: ROW_HEIGHT },
    data: { values },
    layer: [
      {
        mark: { type: "rule", stroke: COLOUR.muted, strokeWidth: 3 },
        encoding: { y, x: { ...x, field: "low" }, x2: { field: "high" } },
      },
      {
        mark: { type: "point", filled: true, size: 90, color: COLOUR.ink, opacity: 1 },
        encoding: { y, x: { ...x, field: "value" } },
      },
    ],
  }, "The log loss of each run and evaluation with its 95% interval.");
}
