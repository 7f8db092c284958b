import sharp from "sharp";

const GREY = { r: 90, g: 120, b: 150 };

/** Pictures of one colour that are small as files and unfold to giants of `side` x `side` pixels, by kind. */
export const BOMBS: Readonly<Record<string, (side: number) => Promise<Uint8Array>>> = {
  "8-bit.png": (side) => flat(side, 4).png({ compressionLevel: 6 }).toBuffer(),
  "16-bit.png": (side) => flat(side, 4).toColourspace("rgb16").png({ compressionLevel: 6 }).toBuffer(),
  "interlaced.png": (side) => flat(side, 3).png({ compressionLevel: 6, progressive: true }).toBuffer(),
  "progressive.jpg": (side) => flat(side, 3).jpeg({ progressive: true }).toBuffer(),
  "plain.gif": (side) => flat(side, 3).gif({ effort: 1 }).toBuffer(),
  "plain.tiff": (side) => flat(side, 3).tiff({ compression: "deflate" }).toBuffer(),
  "plain.webp": (side) => flat(side, 3).webp({ effort: 0 }).toBuffer(),
};

function flat(side: number, channels: 3 | 4) {
  const create = { width: side, height: side, channels, background: channels === 4 ? { ...GREY, alpha: 0.5 } : GREY };
  return sharp({ create, limitInputPixels: false });
}

/** An animation of many frames, each a little different. */
export async function animation(format: "gif" | "webp", side: number, frames: number): Promise<Uint8Array> {
  const data = Uint8Array.from(
    { length: frames * side * side * 3 },
    (_, k) => 40 + Math.floor(k / (side * side * 3)) % 199,
  );
  const raw = { width: side, height: side * frames, channels: 3, pageHeight: side } as const;
  const picture = sharp(data, { raw, limitInputPixels: false });
  return await (format === "gif" ? picture.gif({ effort: 1 }) : picture.webp({ effort: 0, lossless: true })).toBuffer();
}
