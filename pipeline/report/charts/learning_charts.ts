import type { TopLevelSpec } from "vega-lite";
import type { EpochSummary } from "../report_data.ts";
import type { Html } from "../html.ts";
import { CHART_WIDTH, COLOUR, drawable, renderChart } from "./chart.ts";

const HEIGHT = 210;
const RATE_HEIGHT = 70;
const STAGE_TITLE = { train: "head", finetune: "fine-tuning" } as const;

/** Training and validation loss by epoch, and below it the learning rates. */
export function lossChart(history: readonly EpochSummary[]): Promise<Html> {
  const curves = curvesOf(history, (epoch) => ({ training: epoch.trainLoss, validation: epoch.validationLoss }));
  return renderChart({
    vconcat: [
      { height: HEIGHT, width: CHART_WIDTH, layer: curveLayers(history, curves, "log loss", { zero: true }) },
      rateChart(history),
    ],
    spacing: 12,
    resolve: { legend: { color: "independent", strokeDash: "independent" } },
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
  readonly stage: string;
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
      stage: STAGE_TITLE[epoch.stage],
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
    {
      data: { values: stageStarts(history) },
      mark: { type: "text", align: "left", baseline: "bottom", dx: 3, dy: -4 },
      encoding: { x: { ...x, field: "from" }, y: { value: 0 }, text: { field: "stage" } },
    },
    {
      data: { values: stageStarts(history) },
      mark: { type: "rule", stroke: COLOUR.line, strokeWidth: 1.5 },
      encoding: { x: { ...x, field: "from" } },
    },
  ];
}

function rateChart(history: readonly EpochSummary[]): Extract<TopLevelSpec, { layer: unknown }> {
  const rates = history.flatMap((epoch, index) => [
    { step: index + 1, part: "head", rate: drawable(epoch.headRate) },
    { step: index + 1, part: "tuned blocks", rate: drawable(epoch.tunedRate) },
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
        encoding: { x, y, detail: { field: "part" } },
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

/** Where each stage's epochs begin on the axis. */
function stageStarts(history: readonly EpochSummary[]): { from: number; stage: string }[] {
  return history.flatMap(({ stage }, index) =>
    stage === history[index - 1]?.stage ? [] : [{ from: index + 0.5, stage: STAGE_TITLE[stage] }]
  );
}

/** Epochs counted on through both stages, labelled as counted within their stage. */
function epochAxis(history: readonly EpochSummary[]) {
  const head = history.filter(({ stage }) => stage === "train").length;
  return {
    title: "epoch",
    scale: { domain: [0.5, history.length + 0.5], nice: false },
    axis: {
      grid: false,
      tickMinStep: 1,
      labelExpr: `datum.value > ${head} ? datum.value - ${head} : datum.value`,
    },
  };
}
