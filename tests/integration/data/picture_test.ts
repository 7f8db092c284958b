import { assertLessOrEqual } from "@std/assert";
import { whiteBorder } from "../../../data/picture/facts/borders.ts";
import { decodePhoto } from "../../../data/picture/decode.ts";
import { asSharp, bordered } from "./picture/pictures.ts";

/** How far, in pixels, each side may be off the truth in a JPEG. */
const TOLERANCE = 2;

Deno.test("whiteBorder() finds borders in JPEGs of any usual quality within two pixels", async () => {
  for (const [left, top, right, bottom] of [[3, 5, 4, 6], [8, 16, 24, 32], [11, 0, 17, 40], [33, 21, 0, 9]]) {
    const box = { left, top, width: 140, height: 90 };
    const picture = bordered(left + 140 + right, top + 90 + bottom, box);
    for (const quality of [60, 75, 95]) {
      for (const chromaSubsampling of ["4:2:0", "4:4:4"]) {
        const found = whiteBorder(
          await decodePhoto(await asSharp(picture).jpeg({ quality, chromaSubsampling }).toBuffer()),
        );
        const offsets = [
          found.left - box.left,
          found.top - box.top,
          found.left + found.width - box.left - box.width,
          found.top + found.height - box.top - box.height,
        ];
        const message = `quality ${quality}, ${chromaSubsampling}, border ${[
          left,
          top,
          right,
          bottom,
        ]}: off by ${offsets}`;
        assertLessOrEqual(Math.max(...offsets.map(Math.abs)), TOLERANCE, message);
      }
    }
  }
});
