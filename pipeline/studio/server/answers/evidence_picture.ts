import sharp from "sharp";
import type { EvidenceMap } from "../../../evidence/evidence_map.ts";

/** The longer side of the picture: it has no detail that more would show. */
const LONGER_SIDE = 480;

/** The report's colours: they stand out from each other for eyes of all kinds. */
const CAT = [0, 114, 178];
const DOG = [213, 94, 0];

/** How much the strongest place hides of the photo. */
const STRONGEST = 0.72;

/**
 * Where cat and dog are seen in a photo, as a PNG of the photo's shape to be laid over it: the stronger the evidence, the
 * less it lets through.
 */
export async function evidencePicture(map: EvidenceMap): Promise<Uint8Array> {
  const { rows, columns, values, box, width, height } = map;
  const scale = Math.min(1, LONGER_SIDE / Math.max(width, height));
  const pixels = (length: number) => Math.max(1, Math.round(length * scale));
  const strongest = Math.max(...values.map(Math.abs), Number.MIN_VALUE);
  const grid = new Uint8Array(rows * columns * 4);
  values.forEach((value, k) => {
    grid.set(value > 0 ? DOG : CAT, 4 * k);
    grid[4 * k + 3] = Math.round(255 * STRONGEST * Math.abs(value) / strongest);
  });
  const inside = await sharp(grid, { raw: { width: columns, height: rows, channels: 4 } })
    .resize(pixels(box.width), pixels(box.height), { fit: "fill", kernel: "cubic" })
    .png()
    .toBuffer();
  const whole = { width: pixels(width), height: pixels(height), channels: 4 as const };
  const left = Math.min(Math.round(box.left * scale), whole.width - pixels(box.width));
  const top = Math.min(Math.round(box.top * scale), whole.height - pixels(box.height));
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  return await sharp({ create: { ...whole, background: clear } })
    .composite([{ input: inside, left: Math.max(0, left), top: Math.max(0, top) }])
    .png()
    .toBuffer();
}
