import type { LabelledPrediction } from "../../predictions/metrics.ts";
import { formatCount } from "../format.ts";
import { histogram } from "../../predictions/histogram.ts";
import type { Html } from "../html.ts";
import { COUNT_AXIS, PROBABILITY_TICKS } from "./axes.ts";
import { CHART_WIDTH, COLOUR, renderChart } from "./chart.ts";

const BINS = 20;

/** How P(dog) is spread: validation cats, validation dogs and test photos, one above the other. */
export function histogramChart(validation: readonly LabelledPrediction[], test: readonly number[]): Promise<Html> {
  const pDogOf = (label: string) => validation.filter((photo) => photo.label === label).map(({ pDog }) => pDog);
  const groups = [
    { name: "validation, cats", colour: COLOUR.cat, predictions: pDogOf("cat") },
    { name: "validation, dogs", colour: COLOUR.dog, predictions: pDogOf("dog") },
    { name: "test", colour: COLOUR.muted, predictions: test },
  ].filter(({ predictions }) => predictions.length > 0)
    .map((group) => ({ ...group, title: `${group.name} (${formatCount(group.predictions.length)})` }));
  const values = groups.flatMap(({ title, predictions }) =>
    histogram(predictions, BINS).map((count, bin) => ({ title, count, from: bin / BINS, to: (bin + 1) / BINS }))
  );
  const titles = groups.map(({ title }) => title);
  return renderChart({
    data: { values },
    facet: {
      row: { field: "title", type: "nominal", sort: titles, header: { labelOrient: "top", labelAnchor: "start" } },
    },
    spacing: 8,
    spec: {
      width: CHART_WIDTH,
      height: 90,
      mark: { type: "bar", binSpacing: 1 },
      encoding: {
        x: {
          field: "from",
          type: "quantitative",
          bin: { binned: true, step: 1 / BINS },
          title: "P(dog)",
          axis: { ...PROBABILITY_TICKS, grid: false },
        },
        x2: { field: "to" },
        y: { field: "count", ...COUNT_AXIS },
        color: {
          field: "title",
          type: "nominal",
          scale: { domain: titles, range: groups.map(({ colour }) => colour) },
          legend: null,
        },
      },
    },
  }, "Histograms of P(dog), counts on a logarithmic axis: validation photos by label, and test photos.");
}
