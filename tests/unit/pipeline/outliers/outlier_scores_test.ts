import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import type { Engine } from "../../../../model/engines/engine.ts";
import type { Tensor } from "../../../../model/tensor.ts";
import { Progress } from "../../../../pipeline/terminal/progress.ts";
import { inSampleScores, outOfFoldScores } from "../../../../pipeline/outliers/outlier_scores.ts";
import type { FoldedPhotos } from "../../../../pipeline/photos/photo.ts";
import { labelledPhotos, separable, storedInMemory } from "../features/stored_in_memory.ts";

const notHere = () => Promise.reject(new Error("Cannot do that with this engine"));

/** An engine that multiplies, by the definition, and does nothing else. */
const ENGINE: Engine = {
  name: "cpu",
  device: "none",
  precision: "f32",
  batchSize: 8,
  compile: notHere,
  train: notHere,
  matMulTransposed({ shape: [m, k], data: a }: Tensor, { shape: [n], data: b }: Tensor) {
    const data = Float32Array.from({ length: m * n }, (_, at) => {
      const [row, column] = [Math.floor(at / n), at % n];
      return a.subarray(row * k, (row + 1) * k).reduce((sum, value, j) => sum + value * b[column * k + j], 0);
    });
    return Promise.resolve({ shape: [m, n], data });
  },
  close: () => Promise.resolve(),
};

const TOOLS = {
  engine: () => Promise.resolve(ENGINE),
  random: (purpose: string) => randomFrom(0, purpose),
  progress: (total: number, unit: string) => new Progress("", total, unit, { isTerminal: false, write: () => {} }),
  signal: new AbortController().signal,
};

const PHOTOS = labelledPhotos(24);
const IDS = PHOTOS.map(({ id }) => id);
const RULES = { predicted: "out of fold", loss: 1.2, distance: 3, folds: 4 } as const;

/** The logits of a classifier that is sure of every label but of those it is told. */
const sureBut = (wrong: readonly string[]) =>
  PHOTOS.map(({ id, label }, k) => ((label === "dog") !== wrong.includes(id) ? 1 : -1) * (4 + k % 5 / 10));

/** A classifier whose logits are given; it keeps the folds that it was asked for. */
function scripted(logits: readonly number[]) {
  const asked: FoldedPhotos[] = [];
  return {
    asked,
    outOfFold(folded: FoldedPhotos) {
      asked.push(folded);
      return Promise.resolve(Float64Array.from(logits));
    },
  };
}

Deno.test("inSampleScores() is the loss over its threshold, and the worst loss comes first", async () => {
  const wrong = [IDS[5], IDS[9]];
  let at = 0;
  const logits = sureBut(wrong).map((logit, k) => k === 9 ? 2 * logit : logit);
  const predictor = {
    batchSize: 7,
    async logits(photos: { features(names: readonly string[]): Promise<Tensor> }) {
      const { shape: [count] } = await photos.features(["resnet.features"]);
      return Float64Array.from(logits.slice(at, at += count));
    },
  };
  const scored = await inSampleScores(PHOTOS, predictor, storedInMemory(IDS), { loss: 1.2 }, TOOLS);
  assertEquals(scored.map(({ id }) => id), IDS);
  assertEquals(scored.toSorted((a, b) => a.place - b.place).slice(0, 2).map(({ id }) => id), [IDS[9], IDS[5]]);
  assertEquals(scored.filter(({ score }) => score > 1).map(({ id }) => id), wrong);
  for (const { label, pDog, loss, score } of scored) {
    assertAlmostEquals(loss, -Math.log(label === "dog" ? pDog : 1 - pDog), 1e-9);
    assertAlmostEquals(score, loss / 1.2, 1e-12);
  }
});

Deno.test("outOfFoldScores() doubts a label that others do not believe, and a photo unlike any other", async () => {
  const [disbelieved, strange] = [IDS[4], IDS[11]];
  const features = storedInMemory(IDS, (id, width) => {
    const usual = separable(id, width);
    return id === strange ? usual.map((value, k) => k % 8 === 0 ? 9 : value / 100) : usual;
  });
  const classifier = scripted(sureBut([disbelieved]));
  const scored = await outOfFoldScores(PHOTOS, [], classifier, features, RULES, TOOLS);
  const outliers = new Map(scored.filter(({ score }) => score > 1).map(({ id, reason }) => [id, reason]));
  assertEquals(outliers.get(disbelieved), "the label is not believed");
  assert(/^unlike any other photo \(\d+\.\d deviations\)$/.test(outliers.get(strange) ?? ""), outliers.get(strange));
  const first = scored.toSorted((a, b) => a.place - b.place).slice(0, 3).map(({ id }) => id);
  assert(first.includes(disbelieved) && first.includes(strange), `${first}`);
  assertEquals(scored.map(({ place }) => place).sort((a, b) => a - b), IDS.map((_, k) => k));
});

Deno.test("outOfFoldScores() keeps duplicates in one fold", async () => {
  const classifier = scripted(sureBut([]));
  const twins = [IDS[0], IDS[2], IDS[6]];
  await outOfFoldScores(PHOTOS, [twins], classifier, storedInMemory(IDS), RULES, TOOLS);
  const [{ photos, folds }] = classifier.asked;
  assertEquals(new Set(folds).size, 4);
  assertEquals(new Set(twins.map((id) => folds[photos.findIndex((photo) => photo.id === id)])).size, 1);
});

Deno.test("outOfFoldScores() makes fewer folds where a class has fewer pictures, and scores none where it has one", async () => {
  const few = PHOTOS.filter(({ label }, k) => label === "cat" || k < 5);
  const classifier = scripted(few.map(() => 0));
  await outOfFoldScores(few, [], classifier, storedInMemory(IDS), RULES, TOOLS);
  assertEquals(new Set(classifier.asked[0].folds).size, 2);

  const oneDog = PHOTOS.filter(({ label }, k) => label === "cat" || k < 2);
  const scored = await outOfFoldScores(oneDog, [], classifier, storedInMemory(IDS), RULES, TOOLS);
  assertEquals(classifier.asked.length, 1);
  assertEquals(
    new Set(scored.map(({ score, reason, pDog }) => `${score} ${reason} ${pDog}`)),
    new Set(["0 not scored 0.5"]),
  );
  assertEquals(scored.map(({ place }) => place), oneDog.map((_, k) => k));
});
