import { assert, assertEquals, assertRejects } from "@std/assert";
import { batchTransform, batchTransforms } from "../../../../data/picture/batch_transform.ts";
import { normalise } from "../../../../data/picture/normalise.ts";
import { decodePhoto, PhotoError } from "../../../../data/picture/decode.ts";
import { squarePixels } from "../../../../data/picture/resize.ts";
import { asSharp, quarters } from "./pictures.ts";

const RESNET = { inputSize: 24, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;
const INCEPTION = { inputSize: 31, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } as const;
const BOX = { left: 3, top: 2, width: 30, height: 20 };

/** Photos that count how often they are read. */
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

Deno.test("batchTransforms() gives a batch for each preprocessing from one read a photo", async () => {
  const { list, files, reads } = await photos();
  const batches = await batchTransforms(list, [RESNET, INCEPTION]);
  assertEquals(batches.map(({ shape }) => shape), [[3, 3, 24, 24], [3, 3, 31, 31]]);
  assertEquals(reads, [1, 1, 1]);
  for (const [k, transform] of [RESNET, INCEPTION].entries()) {
    const expected = new Float32Array(3 * transform.inputSize ** 2);
    const pixels = await decodePhoto(files[2]);
    normalise(await squarePixels(pixels, BOX, transform.inputSize), transform, expected);
    assertEquals(batches[k].data.subarray(2 * expected.length), expected);
  }
});

Deno.test("batchTransform() gives [batch, 3, size, size], the same alone and with others, and every time", async () => {
  const { list } = await photos();
  const batch = await batchTransform(list, RESNET);
  assertEquals(batch, await batchTransform(list, RESNET));
  const alone = await batchTransform([list[1]], RESNET);
  assertEquals(alone.shape, [1, 3, 24, 24]);
  assertEquals(alone.data, batch.data.subarray(alone.data.length, 2 * alone.data.length));
  assert(batch.data.every(Number.isFinite));
});

Deno.test("batchTransform() of no photos is an empty batch", async () => {
  const { shape, data } = await batchTransform([], RESNET);
  assertEquals([shape, data.length], [[0, 3, 24, 24], 0]);
});

Deno.test("batchTransform() throws the photo's own error", async () => {
  const { list } = await photos();
  const broken = { read: () => Promise.resolve(new Uint8Array()) };
  await assertRejects(() => batchTransform([...list, broken], RESNET), PhotoError, "empty");
  const outside = { ...list[0], box: { ...BOX, width: 400 } };
  await assertRejects(() => batchTransform([outside], RESNET), RangeError, "inside 40x30");
});
