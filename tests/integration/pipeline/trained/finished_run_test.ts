import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { PhotoError } from "../../../../data/photo_error.ts";
import { RunContext } from "../../../../pipeline/runner/run_context.ts";
import { configOf, readSettings } from "../../../../pipeline/settings/config.ts";
import { Predictions } from "../../../../pipeline/predictions/predicted_photos.ts";
import { openTrainedClassifier } from "../../../../pipeline/trained/finished_run.ts";
import type { PhotoToPredict, TrainedClassifier } from "../../../../pipeline/trained/trained_classifier.ts";
import { outputOf } from "../../../end_to_end/run_files.ts";
import { runSmall } from "../../../end_to_end/small_run.ts";

// A classifier that is opened once and asked many times, as a program does that goes on running.
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
let opened: { readonly classifier: TrainedClassifier; readonly context: RunContext; readonly said: string };
let expected: { readonly id: string; readonly pDog: number; readonly bytes: Uint8Array }[];

Deno.test.beforeAll(async () => {
  await runSmall(folder);
  const out = join(folder, "run");
  const settings = await readSettings(out);
  assert(settings);
  const config = await configOf({ ...settings, data: join(folder, "photos") }, out);
  let said = "";
  const output = { isTerminal: false, write: (text: string) => void (said += text) };
  const context = await RunContext.open(config, output, new AbortController().signal);
  opened = { classifier: await openTrainedClassifier(config, context), context, said };
  const { validation } = await outputOf(out, "predict", Predictions);
  expected = await Promise.all(
    validation.map(async ({ id, pDog }) => ({
      id,
      pDog,
      bytes: await Deno.readFile(join(folder, "photos/train", id)),
    })),
  );
});

Deno.test.afterAll(async () => {
  await opened.classifier.close();
  await opened.context.close();
});

/** A picture in memory, which tells how often it is read. */
class FromMemory implements PhotoToPredict {
  reads = 0;

  constructor(readonly name: string, readonly content: Uint8Array) {}

  get bytes(): number {
    return this.content.length;
  }

  read(): Promise<Uint8Array> {
    this.reads++;
    return Promise.resolve(this.content);
  }
}

/** P(dog) of one picture. */
async function pDogOf(content: Uint8Array): Promise<number | PhotoError> {
  const photo = new FromMemory("a picture", content);
  const [[asked, pDog], ...others] = await Array.fromAsync(opened.classifier.predict([photo]));
  assertEquals([asked === photo, others.length, photo.reads], [true, 0, 1]);
  return pDog;
}

function assertPredicted(result: number | PhotoError, pDog: number, id: string): void {
  assert(typeof result === "number", `${id}: ${result}`);
  assertAlmostEquals(result, pDog, 1e-6, id);
}

/** The first pictures over and over, made when they are asked for. */
function* many(count: number, asked: { photos: number }): Generator<FromMemory> {
  for (; asked.photos < count; asked.photos++) {
    const { id, bytes } = expected[asked.photos % 3];
    yield new FromMemory(id, bytes);
  }
}

Deno.test("openTrainedClassifier() says which run it is, by which recipe, and which of its fits", () => {
  const [line] = opened.said.split("\n");
  const place = `  run: ${join(folder, "run")}, linear-probe, fit with`;
  assert(line.startsWith(place) && line.includes("the outliers, validation loss"), line);
});

Deno.test("predict() answers for one picture from memory after another, and for several asked at once", async () => {
  for (const { id, pDog, bytes } of expected.slice(0, 4)) assertPredicted(await pDogOf(bytes), pDog, id);
  const atOnce = await Promise.all(expected.map(({ bytes }) => pDogOf(bytes)));
  for (const [k, { id, pDog }] of expected.entries()) assertPredicted(atOnce[k], pDog, id);
});

Deno.test("predict() says what is wrong with each that is no photo, among others and alone", async () => {
  const [first, second] = expected;
  const photos = [new Uint8Array(), first.bytes, new Uint8Array(9), second.bytes.subarray(0, -100), second.bytes]
    .map((bytes, k) => new FromMemory(`${k}`, bytes));
  const results = new Map(await Array.fromAsync(opened.classifier.predict(photos)));
  assertEquals(results.size, photos.length);
  const told = photos.map((photo) => results.get(photo));
  const reasons = told.map((result) => (result instanceof PhotoError ? result.message.split(":")[0] : undefined));
  assertEquals(reasons, ["empty", undefined, "not a picture", "truncated", undefined]);
  for (const [k, { id, pDog }] of [[1, first], [4, second]] as const) {
    const result = told[k];
    assert(typeof result === "number");
    assertAlmostEquals(result, pDog, 1e-6, id);
  }
  assert(await pDogOf(new Uint8Array(9)) instanceof PhotoError);
  assertEquals(await Array.fromAsync(opened.classifier.predict([])), []);
});

Deno.test("predict() reads ahead a few batches of many photos, and no more once nobody asks for results", async () => {
  const { batchSize } = opened.classifier.extraction.engine;
  const asked = { photos: 0 };
  for await (const _ of opened.classifier.predict(many(100 * batchSize, asked))) break;
  await new Promise((resolve) => setTimeout(resolve, 500));
  const ahead = asked.photos;
  assert(ahead > batchSize, `${ahead} were asked for: while a batch is computed the next one is decoded`);
  const decodedAtOnce = Math.max(8, navigator.hardwareConcurrency);
  assert(ahead <= 5 * batchSize + 2 * decodedAtOnce, `${ahead} were asked for with a batch of ${batchSize}`);
});

Deno.test("predict() ends when its signal is told to, and answers others afterwards", async () => {
  const stopping = new AbortController();
  const asked = { photos: 0 };
  const results = opened.classifier.predict(many(2_000, asked), stopping.signal);
  await results.next();
  stopping.abort(new DOMException("enough", "AbortError"));
  await assertRejects(() => Array.fromAsync(results), DOMException, "enough");
  assert(asked.photos < 1000, `${asked.photos} were asked for`);
  assertPredicted(await pDogOf(expected[0].bytes), expected[0].pDog, expected[0].id);
});
