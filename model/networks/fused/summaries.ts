import { entryOf } from "../../../data/base/entry_of.ts";
import type { Summary } from "./fusion_net.ts";
import type { ActivationShape, Network, Row, Window } from "../layers.ts";
import { shapesOf, windowShape } from "../network.ts";

/** What the features of a summary are called: `layer4.global_max`, for example. */
export function summaryName({ value, by }: Summary): string {
  return `${value}.${by}`;
}

/**
 * A network whose rows also compute summaries of its values, in the same pass.
 * @throws RangeError when a value is not known.
 */
export function withSummaries(network: Network, summaries: readonly Summary[]): Network {
  const shapes = shapesOf(network);
  const rows = summaries.map((summary) => {
    return summaryRow(summary, entryOf(shapes, summary.value, `a value of ${network.architecture}`));
  });
  return { ...network, rows: [...network.rows, ...rows] };
}

function summaryRow(summary: Summary, { height, width }: ActivationShape): Row {
  const common = { input: summary.value, output: summaryName(summary) };
  const whole = { ...common, kernel: [height, width], stride: [1, 1], padding: [0, 0] } as const;
  switch (summary.by) {
    case "global_average":
      return { ...common, kind: "global_average" };
    case "global_max":
      return { ...whole, kind: "max_pool" };
    case "windows":
      return { ...common, kind: "average_pool", ...slidingWindow({ height, width }), countPadding: false };
  }
}

/** Two windows on each axis that reach past the middle: a 7x7 map gives 2x2 windows of 4x4 that share a line. */
function slidingWindow({ height, width }: Pick<ActivationShape, "height" | "width">): Window {
  const kernel = [Math.floor(height / 2) + 1, Math.floor(width / 2) + 1] as const;
  const stride = [Math.max(1, height - kernel[0]), Math.max(1, width - kernel[1])] as const;
  return { kernel, stride, padding: [0, 0] };
}

/** A rectangle of a map's positions. */
export interface MapWindow {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** Where in a map the windows lie that a summary by windows looks at, in the order of its features. */
export function summaryWindows(shape: ActivationShape): MapWindow[] {
  const window = slidingWindow(shape);
  const { kernel: [height, width], stride: [down, across] } = window;
  const places = windowShape(shape, window);
  return Array.from({ length: places.height * places.width }, (_, k) => ({
    top: Math.floor(k / places.width) * down,
    left: k % places.width * across,
    height,
    width,
  }));
}
