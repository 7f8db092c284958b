import { assertEquals } from "@std/assert";
import { decodePhoto } from "../../../../data/picture/decode.ts";
import { pixelBatches } from "../../../../data/picture/pixel_batches.ts";
import { wholeBox } from "../../../../data/picture/pixels.ts";
import { squarePixels } from "../../../../data/picture/resize.ts";
import { asSharp, quarters } from "./pictures.ts";

Deno.test("pixelBatches() gives each photo's squares of every size from one read", async () => {
  const files = await Promise.all(
    [[40, 30], [33, 90]].map(([width, height]) => asSharp(quarters(width, height)).jpeg().toBuffer()),
  );
  let reads = 0;
  const photos = files.map((file) => ({ read: () => Promise.resolve((reads++, file)) }));
  const batches = await pixelBatches(photos, [8, 13]);
  assertEquals(reads, 2);
  assertEquals(batches.map(({ shape }) => shape), [[2, 8, 8, 3], [2, 13, 13, 3]]);
  for (const [k, size] of [8, 13].entries()) {
    const pixels = await decodePhoto(files[1]);
    const expected = new Uint8Array(await squarePixels(pixels, wholeBox(pixels), size));
    assertEquals(batches[k].data.subarray(3 * size ** 2), expected);
  }
});
