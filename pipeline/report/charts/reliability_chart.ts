import type { ReliabilityBin } from "../../predictions/calibration.ts";
import { formatCount } from "../format.ts";
import type { Html } from "../html.ts";
import { COUNT_AXIS, PROBABILITY_TICKS } from "./axes.ts";
import { CHART_WIDTH, COLOUR, renderChart } from "./chart.ts";

const DOMAIN = { domain: [0, 1] };

/** Reliability diagram: share of dogs against mean P(dog) by bin, with the photos a bin holds below it. */
export function reliabilityChart(bins: readonly ReliabilityBin[]): Promise<Html> {
  const filled = bins.filter(({ count }) => count > 0);
  const x = { type: "quantitative", scale: DOMAIN, axis: { ...PROBABILITY_TICKS, grid: false } } as const;
  return renderChart({
    vconcat: [
      {
        width: CHART_WIDTH,
        height: 250,
        layer: [
          {
            data: { values: [{ from: 0, to: 1 }] },
            mark: { type: "rule", stroke: COLOUR.muted, strokeDash: [4, 3] },
            encoding: {
              x: { ...x, field: "from", title: null },
              y: { field: "from", type: "quantitative" },
              x2: { field: "to" },
              y2: { field: "to" },
            },
          },
          {
            data: { values: filled },
            mark: { type: "line", color: COLOUR.ink, strokeWidth: 2, point: { color: COLOUR.ink, size: 50 } },
            encoding: {
              x: { ...x, field: "meanPDog" },
              y: {
                field: "dogShare",
                type: "quantitative",
                title: "share of dogs",
                scale: DOMAIN,
                axis: PROBABILITY_TICKS,
              },
            },
          },
        ],
      },
      {
        width: CHART_WIDTH,
        height: 80,
        data: { values: filled.map((bin) => ({ ...bin, shown: formatCount(bin.count) })) },
        layer: [
          {
            mark: { type: "bar", color: COLOUR.muted, binSpacing: 1 },
            encoding: {
              x: { ...x, field: "from", bin: { binned: true, step: 1 / bins.length }, title: "P(dog)" },
              x2: { field: "to" },
              y: { field: "count", ...COUNT_AXIS },
            },
          },
          {
            transform: [{ calculate: "(datum.from + datum.to) / 2", as: "middle" }],
            mark: { type: "text", dy: -8 },
            encoding: {
              x: { ...x, field: "middle" },
              y: { field: "count", ...COUNT_AXIS },
              text: { field: "shown" },
            },
          },
        ],
      },
    ],
    spacing: 12,
  }, "Reliability diagram: the share of dogs against the mean P(dog) in ten bins, with the number of photos in each.");
}
