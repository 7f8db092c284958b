import { assert, assertEquals, assertRejects } from "@std/assert";
import { batchTransform, type PhotoToTransform } from "../../../../../data/picture/batches/batch_transform.ts";
import { decodePhoto, PhotoError } from "../../../../../data/picture/decode.ts";
import { whiteBorder } from "../../../../../data/picture/facts/borders.ts";
import { wholeBox } from "../../../../../data/picture/pixels.ts";
import { squarePixels } from "../../../../../data/picture/batches/resize.ts";
import { oneBatch } from "../one_batch.ts";
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
  const batches = await oneBatch(list, SIZES);
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
  const [batch] = await oneBatch(list, SIZES);
  assertEquals([batch], (await oneBatch(list, SIZES)).slice(0, 1));
  const [alone] = await oneBatch([list[1]], SIZES);
  assertEquals(alone.shape, [1, 24, 24, 3]);
  assertEquals(alone.data, batch.data.subarray(alone.data.length, 2 * alone.data.length));
});

Deno.test("batchTransform() of no photos is no batch", async () => {
  assertEquals(await Array.fromAsync(batchTransform([], { sizes: SIZES, batchSize: 2 })), []);
});

Deno.test("batchTransform() throws the photo's own error", async () => {
  const { list } = await photos();
  const broken = { read: () => Promise.resolve(new Uint8Array()) };
  await assertRejects(() => oneBatch([...list, broken], SIZES), PhotoError, "empty");
  const outside = { ...list[0], box: { ...BOX, width: 400 } };
  await assertRejects(() => oneBatch([outside], SIZES), RangeError, "inside 40x30");
});

Deno.test("batchTransform() trims where that is asked for", async () => {
  const framed = await asSharp(quarters(40, 30))
    .extend({ top: 9, bottom: 8, left: 7, right: 6, background: "#ffffff" }).png().toBuffer();
  const read = () => Promise.resolve(framed);
  const box = whiteBorder(await decodePhoto(framed));
  assertEquals([box.width, box.height], [40, 30]);
  assertEquals(await oneBatch([{ read, box: "trimmed" }], SIZES), await oneBatch([{ read, box }], SIZES));
});

Deno.test("batchTransform() fills its batches with the photos that can be read and tells of the others", async () => {
  const { list } = await photos();
  const broken = { read: () => Promise.resolve(new Uint8Array()) };
  const gone = { read: () => Promise.reject(new PhotoError("unreadable: nothing there")) };
  const told: [PhotoToTransform, string][] = [];
  const batches = await Array.fromAsync(batchTransform<PhotoToTransform>([broken, list[0], gone, list[1], list[2]], {
    sizes: SIZES,
    batchSize: 2,
    unreadable: (photo, { message }) => void told.push([photo, message.split(":")[0]]),
  }));
  assertEquals(batches.map(({ photos }) => photos), [[list[0], list[1]], [list[2]]]);
  assertEquals(batches.map(({ inputs }) => inputs), [
    await oneBatch(list.slice(0, 2), SIZES),
    await oneBatch([list[2]], SIZES),
  ]);
  assertEquals(new Map(told), new Map<PhotoToTransform, string>([[broken, "empty"], [gone, "unreadable"]]));
  const wrong = { read: () => Promise.reject(new Error("the disk is gone")) };
  await assertRejects(
    () => Array.fromAsync(batchTransform([wrong], { sizes: SIZES, batchSize: 2, unreadable: () => {} })),
    Error,
    "the disk is gone",
  );
});

Deno.test("batchTransform() decodes on while a batch is used, and holds no more than a few batches", async () => {
  const { files } = await photos();
  let read = 0;
  function* many() {
    for (let k = 0; k < 500; k++) {
      yield { read: () => (read++, Promise.resolve(files[k % 3])) };
    }
  }
  const batches = batchTransform(many(), { sizes: [4], batchSize: 20 });
  await batches.next();
  const deadline = Date.now() + 60_000;
  const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
  while (read < 40 && Date.now() < deadline) await pause();
  assert(read >= 40, `${read} were read: those of the batch that is used and of the next one`);
  for (let k = 0; k < 5; k++) await pause();
  const atOnce = Math.max(8, navigator.hardwareConcurrency);
  assert(read <= 40 + atOnce, `${read} were read while one batch of 20 was used`);
  assertEquals((await Array.fromAsync(batches)).length, 24);
});
