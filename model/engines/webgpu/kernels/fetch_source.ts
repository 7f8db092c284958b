import type { ConvolutionRow } from "../../../networks/layers.ts";
import { type Lines, range } from "./lines.ts";
import { sourceLoads, type Tile } from "./tile.ts";

/** What is written before the loop over the depth's steps, and in each step. */
export interface Fetch {
  readonly before: Lines;
  readonly each: Lines;
}

/**
 * How an invocation brings its part of a convolution's source into its registers `source0`, `source1`, ...: the windows'
 * pixels, of which it knows the corner (`y0`, `x0`, and `corner0`, counted in pixels of the picture), zeros where a
 * window lies outside.
 * @param depthGroups taps times groups of input channels
 * @param inputGroups groups of input channels
 */
export function fetchSource(row: ConvolutionRow, depthGroups: number, inputGroups: number, tile: Tile): Fetch {
  const loads = range(sourceLoads(tile));
  const isPadded = row.padding.some((extent) => extent > 0);
  const isPointwise = row.kernel.every((extent) => extent === 1);
  if (inputGroups % tile.depthGroups > 0) return fetchAnyTap(loads, isPadded, depthGroups % tile.depthGroups > 0);
  return isPointwise && !isPadded ? fetchPointwise(loads) : fetchTapByTap(loads, isPadded);
}

/**
 * A step may span several taps: each invocation finds its own. Beyond the depth's end the last group is read again, and
 * counts nothing, since the kernel is zero there.
 */
function fetchAnyTap(loads: readonly number[], isPadded: boolean, hasRest: boolean): Fetch {
  const depth = "step * TILE_DEPTH + load_depth";
  return {
    before: [],
    each: [
      `let depth = ${hasRest ? `min(${depth}, DEPTH - 1)` : depth};`,
      "let tap = depth / INPUT_GROUPS;",
      "let channel_group = depth - tap * INPUT_GROUPS;",
      "let tap_y = tap / KERNEL_WIDTH;",
      "let tap_x = tap - tap_y * KERNEL_WIDTH;",
      loads.map((k) => [
        isPadded ? [`let inside${k} = ${isInside(k)};`] : [],
        read(k, `${pixelIndex(k)} + channel_group`, isPadded),
      ]),
    ],
  };
}

/** One tap, whose pixels stay where they are. */
function fetchPointwise(loads: readonly number[]): Fetch {
  return {
    before: loads.map((k) => `let base${k} = u32(corner${k}) * INPUT_STRIDE + INPUT_OFFSET + load_depth;`),
    each: loads.map((k) => read(k, `base${k} + step * TILE_DEPTH`, false)),
  };
}

/** All of a step lies in one tap: where that is changes only when its channels are done. */
function fetchTapByTap(loads: readonly number[], isPadded: boolean): Fetch {
  const locate = loads.map((k) => [
    `base${k} = ${pixelIndex(k)} + load_depth;`,
    isPadded ? [`inside${k} = ${isInside(k)};`] : [],
  ]);
  return {
    before: [
      "var tap_y = 0u;",
      "var tap_x = 0u;",
      "var channel_group = 0u;",
      loads.map((k) => [`var base${k}: u32;`, isPadded ? [`var inside${k}: bool;`] : []]),
      locate,
    ],
    each: [
      loads.map((k) => read(k, `base${k} + channel_group`, isPadded)),
      "channel_group += TILE_DEPTH;",
      "if (channel_group == INPUT_GROUPS) {",
      "channel_group = 0u;",
      "tap_x++;",
      "if (tap_x == KERNEL_WIDTH) { tap_x = 0u; tap_y++; }",
      locate,
      "}",
    ],
  };
}

function read(k: number, index: string, isPadded: boolean): Lines {
  if (!isPadded) return [`source${k} = source[${index}];`];
  return [`source${k} = Stored();`, `if (inside${k}) { source${k} = source[${index}]; }`];
}

/** The first group of the pixel under the tap; outside of the picture a number that is not used. */
function pixelIndex(k: number): string {
  return `u32(corner${k} + i32(tap_y * INPUT_WIDTH + tap_x)) * INPUT_STRIDE + INPUT_OFFSET`;
}

/** What is left of the picture or above it is negative, and so very large without a sign. */
function isInside(k: number): string {
  return `u32(y${k} + i32(tap_y)) < INPUT_HEIGHT && u32(x${k} + i32(tap_x)) < INPUT_WIDTH`;
}
