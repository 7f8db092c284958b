import type { Box } from "../../data/picture/pixels.ts";
import type { EvidenceMap } from "./evidence_map.ts";

/** The longer side of the picture: it has no detail that more would show. */
const LONGER_SIDE = 480;

/** The report's colours: they stand out from each other for eyes of all kinds. */
const CAT = [0, 114, 178];
const DOG = [213, 94, 0];

/** How much the strongest place hides of the photo. */
const STRONGEST = 0.72;

/** A map in colours, one pixel a cell, and where it belongs in a picture of the photo's shape. */
export interface ColouredGrid {
  /** `[rows, columns, 4]`: red, green, blue and how little it lets through. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

/** Blue for cat and orange for dog: the stronger the evidence, the less it lets through. */
export function colouredGrid(map: EvidenceMap): ColouredGrid {
  const { rows, columns, values, box } = map;
  const scale = Math.min(1, LONGER_SIDE / Math.max(map.width, map.height));
  const pixels = (length: number) => Math.max(1, Math.round(length * scale));
  const strongest = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const data = new Uint8ClampedArray(rows * columns * 4);
  values.forEach((value, k) => {
    data.set(value > 0 ? DOG : CAT, 4 * k);
    data[4 * k + 3] = Math.round(255 * STRONGEST * Math.abs(value) / strongest);
  });
  const [width, height] = [pixels(map.width), pixels(map.height)];
  const inside = { width: pixels(box.width), height: pixels(box.height) };
  const left = Math.max(0, Math.min(Math.round(box.left * scale), width - inside.width));
  const top = Math.max(0, Math.min(Math.round(box.top * scale), height - inside.height));
  return { data, width, height, box: { left, top, ...inside } };
}
