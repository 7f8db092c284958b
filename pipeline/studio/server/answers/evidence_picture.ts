import sharp from "sharp";
import { colouredGrid } from "../../../evidence/coloured_grid.ts";
import type { EvidenceMap } from "../../../evidence/evidence_map.ts";

/** Where cat and dog are seen in a photo, as a PNG of the photo's shape to be laid over it. */
export async function evidencePicture(map: EvidenceMap): Promise<Uint8Array> {
  const { data, width, height, box } = colouredGrid(map);
  const inside = await sharp(data, { raw: { width: map.columns, height: map.rows, channels: 4 } })
    .resize(box.width, box.height, { fit: "fill", kernel: "cubic" })
    .png()
    .toBuffer();
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  return await sharp({ create: { width, height, channels: 4, background: clear } })
    .composite([{ input: inside, left: box.left, top: box.top }])
    .png()
    .toBuffer();
}
