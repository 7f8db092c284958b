import type { ActivationShape, AveragePoolRow, MaxPoolRow } from "../networks/layers.ts";
import { outputShape } from "../networks/network.ts";

/** What says how a window slides: of a convolution or a pool. */
export type Window = Pick<MaxPoolRow, "kernel" | "stride" | "padding">;

/** Where a window lands, with pixels numbered row by row through the photos of a batch. */
export interface WindowRows {
  /** How many places the window stops at, in the whole batch. */
  readonly places: number;
  /** How many pixels a window has. */
  readonly taps: number;
  /** `[places, taps]`: the pixel under each tap, or -1 over the padding. */
  readonly rows: Int32Array;
}

/** Lists the pixels under every window, as in "im2col": taps row by row inside a window, windows row by row. */
export function windowRows(batch: number, input: ActivationShape, window: Window): WindowRows {
  const { kernel: [kernelHeight, kernelWidth], stride, padding } = window;
  const output = outputShape({ kind: "max_pool", input: "", output: "", ...window }, [input]);
  const places = batch * output.height * output.width;
  const taps = kernelHeight * kernelWidth;
  const rows = new Int32Array(places * taps).fill(-1);
  let at = 0;
  for (let photo = 0; photo < batch; photo++) {
    for (let top = 0; top < output.height; top++) {
      for (let left = 0; left < output.width; left++) {
        for (let tap = 0; tap < taps; tap++, at++) {
          const y = top * stride[0] - padding[0] + Math.floor(tap / kernelWidth);
          const x = left * stride[1] - padding[1] + tap % kernelWidth;
          if (y < 0 || y >= input.height || x < 0 || x >= input.width) continue;
          rows[at] = (photo * input.height + y) * input.width + x;
        }
      }
    }
  }
  return { places, taps, rows };
}

/**
 * An average pool as a matrix `[output pixels, input pixels]` that one photo's pixels are multiplied by: for windows
 * this small, one product beats gathering every pixel once a window.
 */
export function averagePoolMatrix(
  input: ActivationShape,
  window: Window & Pick<AveragePoolRow, "countPadding">,
): { readonly outputs: number; readonly matrix: Float32Array } {
  const { kernel, stride, padding, countPadding } = window;
  const { places, taps, rows } = windowRows(1, input, { kernel, stride, padding });
  const pixels = input.height * input.width;
  const matrix = new Float32Array(places * pixels);
  for (let place = 0; place < places; place++) {
    const under = rows.subarray(place * taps, (place + 1) * taps).filter((row) => row >= 0);
    for (const row of under) matrix[place * pixels + row] = 1 / (countPadding ? taps : under.length);
  }
  return { outputs: places, matrix };
}
