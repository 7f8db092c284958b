import { assert, assertEquals, assertRejects } from "@std/assert";
import { batchTransform, type PhotoToTransform } from "../../../../../data/picture/batches/batch_transform.ts";
import { DecodingWorkers, workersFor } from "../../../../../data/picture/batches/decoding_workers.ts";
import { type PhotoBox, sharedPlaces } from "../../../../../data/picture/batches/photo_squares.ts";
import { photoFacts } from "../../../../../data/picture/facts/photo_facts.ts";
import { PhotoError } from "../../../../../data/picture/decode.ts";
import { DECODING_BYTES, decodingMemory, SMALL_BYTES } from "../../../../../data/picture/limits/decoding_memory.ts";
import { asSharp, bordered, quarters } from "../pictures.ts";

const SIZES = [24, 150];
const BOX = { left: 30, top: 20, width: 200, height: 140 };

/** Decodes all on the thread that asks, as one photo alone is decoded. */
const HERE = () => new DecodingWorkers(0, Infinity);
/** Decodes all in workers. */
const BESIDE = (most = 2) => new DecodingWorkers(most, 0);

/** Photos of several kinds and sizes: less and more than is decoded without a look at its header, turned, deep. */
async function files(): Promise<Uint8Array[]> {
  const shaded = asSharp(bordered(300, 200, BOX));
  const large = asSharp(bordered(1600, 1200, { left: 100, top: 50, width: 1400, height: 1100 }));
  return await Promise.all([
    shaded.clone().jpeg().toBuffer(),
    large.clone().jpeg({ progressive: true }).withMetadata({ orientation: 6 }).toBuffer(),
    shaded.clone().png().toBuffer(),
    large.clone().webp().toBuffer(),
    shaded.clone().tiff().toBuffer(),
    asSharp(quarters(1200, 1000)).jpeg().toBuffer(),
    shaded.clone().gif().toBuffer(),
    shaded.clone().avif().toBuffer(),
    Deno.readFile(new URL("../heic/turned.heic", import.meta.url)),
  ]);
}

/** Counts the web workers that are started, and those that run, until it is disposed of. */
class CountedWorkers implements Disposable {
  readonly #worker = globalThis.Worker;
  readonly running = new Set<Worker>();
  started = 0;

  constructor() {
    const began = (worker: Worker) => {
      this.started++;
      this.running.add(worker);
    };
    const { running } = this;
    globalThis.Worker = class extends Worker {
      constructor(...given: ConstructorParameters<typeof Worker>) {
        super(...given);
        began(this);
      }

      override terminate(): void {
        running.delete(this);
        super.terminate();
      }
    };
  }

  [Symbol.dispose](): void {
    globalThis.Worker = this.#worker;
  }
}

async function batchesBy(decoding: DecodingWorkers, photos: Iterable<PhotoToTransform>) {
  const batches = await Array.fromAsync(batchTransform(photos, { sizes: SIZES, batchSize: 4 }, decoding));
  return batches.map(({ photos, inputs }) => ({ photos, inputs }));
}

Deno.test("batchTransform() gives the same bytes in the same order from workers as from the thread that asks", async () => {
  const boxes: PhotoBox[] = [undefined, "trimmed", BOX];
  const photos = (await files()).flatMap((file, k): PhotoToTransform[] =>
    [undefined, boxes[k % 2]].map((box) => ({ read: () => Promise.resolve(file), box }))
  );
  photos.push({ ...photos[0], box: BOX });
  const expected = await batchesBy(HERE(), photos);
  assertEquals(expected.flatMap(({ photos }) => photos), photos);
  assertEquals(await batchesBy(BESIDE(), photos), expected);
  // Some on this thread, some in its one worker.
  assertEquals(await batchesBy(new DecodingWorkers(1, 3), photos), expected);
});

Deno.test("DecodingWorkers fail as the thread that asks does: with the same error, in the same words", async () => {
  const [photo] = await files();
  const wrong: [Uint8Array, PhotoBox][] = [
    [new Uint8Array(), undefined],
    [new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg'/>"), "trimmed"],
    [photo.subarray(0, photo.length - 99), undefined],
    [photo.with(photo.length >> 1, 0xff).with((photo.length >> 1) + 1, 0xd8), undefined],
    [photo, { ...BOX, width: 4000 }],
  ];
  await using here = HERE();
  await using beside = BESIDE();
  for (const [file, box] of wrong) {
    const errorOf = (decoding: DecodingWorkers) =>
      assertRejects(() => decoding.writeSquares(file, box, sharedPlaces(SIZES)), Error);
    // One after another: libvips has one place for the words of all threads' errors.
    const expected = await errorOf(here);
    const got = await errorOf(beside);
    assertEquals([got.message, got.name], [expected.message, expected.name]);
    assert(got instanceof (box === undefined || box === "trimmed" ? PhotoError : RangeError), got.stack);
  }
});

Deno.test("DecodingWorkers hold the memory of all that they decode in the budget of the thread that asks", async () => {
  const [small, large] = await files();
  await using workers = BESIDE();
  const written: string[] = [];
  const write = async (name: string, file: Uint8Array) => {
    await workers.writeSquares(file, undefined, sharedPlaces(SIZES));
    written.push(name);
  };
  const asked: Promise<void>[] = [];
  await decodingMemory.hold(DECODING_BYTES - SMALL_BYTES + 1, async () => {
    asked.push(write("small", small));
    await pause();
    assertEquals(written, [], "there is not enough for any photo");
  });
  await asked[0];
  await decodingMemory.hold(DECODING_BYTES - SMALL_BYTES, async () => {
    await write("small", small);
    asked.push(write("large", large));
    await pause();
    assertEquals(written, ["small", "small"], "a large one takes more than small ones do");
  });
  await Promise.all(asked);
  // However many ask for more than they were given first, none waits for another for ever, and all give it back.
  await Promise.all(Array.from({ length: 40 }, (_, k) => write(`photo ${k}`, k % 3 === 0 ? small : large)));
  assertEquals(written.length, 43);
  await decodingMemory.hold(DECODING_BYTES, () => Promise.resolve());
});

Deno.test("DecodingWorkers are there only as long as they are used, and end after the photos under way", async () => {
  const [small, large] = await files();
  using counted = new CountedWorkers();
  const workers = BESIDE();
  const places = sharedPlaces(SIZES);
  const asked = [large, small, large].map((file) => workers.writeSquares(file, undefined, places));
  await workers[Symbol.asyncDispose]();
  assertEquals((await Promise.allSettled(asked)).map(({ status }) => status), Array(3).fill("fulfilled"));
  await assertRejects(() => workers.writeSquares(small, undefined, places), Error, "closed");
  assertEquals([counted.started, counted.running.size], [2, 0]);
  // Whoever takes no more batches, and whoever fails while others are decoded, ends them too.
  const photos = Array.from({ length: 30 }, (_, k) => ({ read: () => Promise.resolve(k % 2 === 0 ? small : large) }));
  for await (const { photos: some } of batchTransform(photos, { sizes: SIZES, batchSize: 4 }, BESIDE())) {
    assertEquals(some, photos.slice(0, 4));
    break;
  }
  assertEquals([counted.started, counted.running.size], [4, 0]);
  const broken = { read: () => Promise.resolve(small.subarray(0, 300)) };
  await assertRejects(() => batchesBy(BESIDE(), photos.with(9, broken)), PhotoError);
  assertEquals([counted.started, counted.running.size], [6, 0]);
  // Those that are idle end by themselves, and start again.
  await using idle = new DecodingWorkers(2, 0, 100);
  const told = await Promise.all([small, large].map((file) => idle.facts(file)));
  assertEquals([counted.started, counted.running.size], [8, 2]);
  await pause();
  assertEquals(counted.running.size, 0);
  assertEquals([await idle.facts(small), await idle.facts(large)], told);
  assertEquals(told, await Promise.all([small, large].map((file) => photoFacts(file))));
  assert(counted.started > 8, `${counted.started} were started`);
  const { started } = counted;
  // A few photos need none.
  await batchesBy(new DecodingWorkers(), photos.slice(0, 10));
  assertEquals(counted.started, started);
});

Deno.test("workersFor() is a worker for four cores: the decoder's own threads take the others", () => {
  assertEquals([1, 2, 4, 5, 8, 16].map(workersFor), [1, 1, 1, 2, 2, 4]);
  assert(workersFor(navigator.hardwareConcurrency) >= 1);
});

const pause = () => new Promise((resolve) => setTimeout(resolve, 400));
