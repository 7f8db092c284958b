import type { Tensor } from "../../tensor.ts";
import type { Summary } from "./fusion_net.ts";
import { type MapWindow, summaryWindows } from "./summaries.ts";

/**
 * Where in a map lies what the features of a summary stand for: each feature's part is put where the feature comes from. A
 * maximum stands at one position, the first of equal ones; a mean is made of all positions of the map or of a window, and
 * its part is divided among them in proportion to what they hold.
 * @param map the summed up value of one photo, `[1, channels, height, width]`
 * @param parts one a feature, the windows of a channel side by side
 * @returns `[height, width]`; it sums to the parts of all features that are not 0
 * @throws RangeError when there are not as many parts as features.
 */
export function spreadParts({ shape, data }: Tensor, by: Summary["by"], parts: Float64Array): Float64Array {
  const [, channels, height, width] = shape;
  const windows = by === "windows" ? summaryWindows({ channels, height, width }) : [{ top: 0, left: 0, height, width }];
  if (parts.length !== channels * windows.length) {
    throw new RangeError(`Cannot place parts: expected ${channels * windows.length} of them, got ${parts.length}`);
  }
  const places = new Float64Array(height * width);
  for (let channel = 0; channel < channels; channel++) {
    const values = data.subarray(channel * height * width, (channel + 1) * height * width);
    for (const [k, window] of windows.entries()) {
      const part = parts[channel * windows.length + k];
      if (by === "global_max") places[positionOfMaximum(values)] += part;
      else shareOut(part, values, window, width, places);
    }
  }
  return places;
}

function positionOfMaximum(values: Float32Array): number {
  let at = 0;
  for (let k = 1; k < values.length; k++) if (values[k] > values[at]) at = k;
  return at;
}

/** Divides a part among a window's positions by their values, which a ReLU left at 0 or more. */
function shareOut(part: number, values: Float32Array, window: MapWindow, width: number, places: Float64Array): void {
  let total = 0;
  const visit = (use: (at: number) => void) => {
    for (let y = window.top; y < window.top + window.height; y++) {
      for (let x = window.left; x < window.left + window.width; x++) use(y * width + x);
    }
  };
  visit((at) => total += Math.max(values[at], 0));
  if (total > 0) visit((at) => places[at] += part * Math.max(values[at], 0) / total);
}
