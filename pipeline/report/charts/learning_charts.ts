import type { TopLevelSpec } from "vega-lite";
import type { EpochSummary } from "../report_data.ts";
import type { Html } from "../html.ts";
import { CHART_WIDTH, COLOUR, drawable, renderChart } from "./chart.ts";
import { epochAxis, headEpochsOf } from "./epoch_axis.ts";
import { RATE_HEIGHT, ratePanel } from "./rate_panel.ts";

const HEIGHT = 210;

/** Training and validation loss by epoch, and below it the learning rates. */
export function lossChart(history: readonly EpochSummary[]): Promise<Html> {
  const curves = curvesOf(history, (epoch) => ({ training: epoch.trainLoss, validation: epoch.validationLoss }));
  return renderChart({
    vconcat: [
      { height: HEIGHT, width: CHART_WIDTH, layer: curveLayers(history, curves, "log loss", { zero: true }) },
      ratePanel(history),
    ],
    spacing: 12,
    resolve: { scale: { strokeDash: "independent" }, legend: { color: "independent", strokeDash: "independent" } },
  }, "Line chart of the training and validation log loss of every epoch, with the learning rates below it.");
}

/** Training and validation accuracy by epoch. */
export function accuracyChart(history: readonly EpochSummary[]): Promise<Html> {
  const curves = curvesOf(
    history,
    (epoch) => ({ training: epoch.trainAccuracy, validation: epoch.validationAccuracy }),
  );
  return renderChart({
    height: HEIGHT + RATE_HEIGHT,
    width: CHART_WIDTH,
    layer: curveLayers(history, curves, "accuracy", { zero: false }, "%"),
  }, "Line chart of the training and validation accuracy of every epoch.");
}

interface CurvePoint {
  /** Counted on through both stages. */
  readonly step: number;
  readonly stage: EpochSummary["stage"];
  readonly curve: "training" | "validation";
  readonly value: number | null;
  readonly best: boolean;
}

function curvesOf(
  history: readonly EpochSummary[],
  valuesOf: (epoch: EpochSummary) => Record<CurvePoint["curve"], number | undefined>,
): CurvePoint[] {
  return history.flatMap((epoch, index) => {
    const values = valuesOf(epoch);
    return (["training", "validation"] as const).map((curve) => ({
      step: index + 1,
      stage: epoch.stage,
      curve,
      value: drawable(values[curve]),
      best: epoch.best && curve === "validation",
    }));
  });
}

type Layers = Extract<TopLevelSpec, { layer: unknown }>["layer"];

function curveLayers(
  history: readonly EpochSummary[],
  curves: readonly CurvePoint[],
  title: string,
  scale: { zero: boolean },
  format?: string,
): Layers {
  const x = { field: "step", type: "quantitative", ...epochAxis(history) } as const;
  const y = { field: "value", type: "quantitative", title, scale, axis: { tickCount: 5, format } } as const;
  const stroke = {
    field: "curve",
    type: "nominal",
    title: null,
    legend: { symbolType: "stroke", offset: 24 },
  } as const;
  return [
    {
      data: { values: [...curves] },
      mark: { type: "line", strokeWidth: 2, point: { filled: true, size: 30 } },
      encoding: {
        x,
        y,
        detail: { field: "stage" },
        color: { ...stroke, scale: { domain: ["training", "validation"], range: [COLOUR.muted, COLOUR.ink] } },
        strokeDash: { ...stroke, scale: { domain: ["training", "validation"], range: [[4, 3], [1, 0]] } },
      },
    },
    {
      data: { values: curves.filter((point) => point.best) },
      mark: { type: "point", size: 190, stroke: COLOUR.ink, strokeWidth: 2 },
      encoding: { x, y },
    },
    ...stageLayers(history),
  ];
}

/** A line where fine-tuning begins, with the names of the stages on either side of it. */
function stageLayers(history: readonly EpochSummary[]): Layers {
  const headEpochs = headEpochsOf(history);
  const data = { values: [{ boundary: headEpochs + 0.5 }] };
  const x = { field: "boundary", type: "quantitative" as const, ...epochAxis(history) };
  const title = { type: "text" as const, baseline: "bottom" as const, dy: -4 };
  const layers: Layers = [];
  if (headEpochs > 0) {
    layers.push({ data, mark: { ...title, align: "right", dx: -4, text: "head" }, encoding: { x, y: { value: 0 } } });
  }
  if (headEpochs < history.length) {
    layers.push({
      data,
      mark: { ...title, align: "left", dx: 4, text: "fine-tuning" },
      encoding: { x, y: { value: 0 } },
    });
    layers.push({ data, mark: { type: "rule", stroke: COLOUR.line, strokeWidth: 1.5 }, encoding: { x } });
  }
  return layers;
}
