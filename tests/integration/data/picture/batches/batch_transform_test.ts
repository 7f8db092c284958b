import { assertEquals, assertRejects } from "@std/assert";
import { batchTransform } from "../../../../../data/picture/batches/batch_transform.ts";
import { decodePhoto, PhotoError } from "../../../../../data/picture/decode.ts";
import { wholeBox } from "../../../../../data/picture/pixels.ts";
import { squarePixels } from "../../../../../data/picture/batches/resize.ts";
import { asSharp, quarters } from "../pictures.ts";

const SIZES = [24, 31];
const BOX = { left: 3, top: 2, width: 30, height: 20 };

/** Photos that count how often they are read; all but the second have a box. */
async function photos() {
  const files = await Promise.all(
    [[40, 30], [64, 64], [33, 90]].map(([width, height]) => asSharp(quarters(width, height)).jpeg().toBuffer()),
  );
  const reads = [0, 0, 0];
  return {
    reads,
    files,
    list: files.map((file, index) => ({
      read: () => {
        reads[index]++;
        return Promise.resolve(file);
      },
      box: index === 1 ? undefined : BOX,
    })),
  };
}

Deno.test("batchTransform() gives each photo's box as squares of every size from one read", async () => {
  const { list, files, reads } = await photos();
  const batches = await batchTransform(list, SIZES);
  assertEquals(batches.map(({ shape }) => shape), [[3, 24, 24, 3], [3, 31, 31, 3]]);
  assertEquals(reads, [1, 1, 1]);
  for (const [k, size] of SIZES.entries()) {
    for (const [index, file] of files.entries()) {
      const pixels = await decodePhoto(file);
      const square = await squarePixels(pixels, list[index].box ?? wholeBox(pixels), size);
      const bytes = 3 * size ** 2;
      assertEquals(batches[k].data.subarray(index * bytes, (index + 1) * bytes), new Uint8Array(square));
    }
  }
});

Deno.test("batchTransform() gives a photo the same bytes alone and with others, and every time", async () => {
  const { list } = await photos();
  const [batch] = await batchTransform(list, SIZES);
  assertEquals([batch], (await batchTransform(list, SIZES)).slice(0, 1));
  const [alone] = await batchTransform([list[1]], SIZES);
  assertEquals(alone.shape, [1, 24, 24, 3]);
  assertEquals(alone.data, batch.data.subarray(alone.data.length, 2 * alone.data.length));
});

Deno.test("batchTransform() of no photos is an empty batch", async () => {
  const [{ shape, data }] = await batchTransform([], SIZES);
  assertEquals([shape, data.length], [[0, 24, 24, 3], 0]);
});

Deno.test("batchTransform() throws the photo's own error", async () => {
  const { list } = await photos();
  const broken = { read: () => Promise.resolve(new Uint8Array()) };
  await assertRejects(() => batchTransform([...list, broken], SIZES), PhotoError, "empty");
  const outside = { ...list[0], box: { ...BOX, width: 400 } };
  await assertRejects(() => batchTransform([outside], SIZES), RangeError, "inside 40x30");
});
