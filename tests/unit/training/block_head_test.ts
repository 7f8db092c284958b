import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type Tensor, tensor } from "../../../model/tensor.ts";
import { blockHeadLogits, fitBlockHead, type HeadBlock, outOfFoldLogits } from "../../../model/training/block_head.ts";
import { assertEachWithin, randomProblem, rowsAt } from "./random_problem.ts";

const BLOCKS: readonly HeadBlock[] = [{ name: "wide", width: 6 }, { name: "narrow", width: 4 }];
const OPTIONS = { penalty: 1e-3 };
const { rows: features, labels } = randomProblem(60, 10);
const folds = Uint8Array.from(labels, (_, row) => row % 5);

/** The features with some photos' rows replaced. */
function replaced({ shape, data }: Tensor, photos: readonly number[], value: (column: number) => number): Tensor {
  const copy = data.slice();
  for (const photo of photos) {
    for (let column = 0; column < shape[1]; column++) copy[photo * shape[1] + column] = value(column);
  }
  return tensor(shape, copy);
}

Deno.test("fitBlockHead() gives each block a weight and a bias", () => {
  const state = fitBlockHead(features, BLOCKS, labels, OPTIONS);
  assertEquals(
    [...state].map(([name, { shape }]) => [name, ...shape]),
    [["wide.weight", 6], ["wide.bias", 1], ["narrow.weight", 4], ["narrow.bias", 1]],
  );
});

Deno.test("blockHeadLogits() is the mean of the blocks' products with square-rooted rows of length 1", () => {
  const photo = tensor([1, 10], Float32Array.of(1, 4, 4, 0, 0, 7, 9, 16, 0, 0));
  const state = new Map([
    ["wide.weight", tensor([6], Float32Array.of(1, 2, 3, 4, 5, 6))],
    ["wide.bias", tensor([1], Float32Array.of(0.5))],
    ["narrow.weight", tensor([4], Float32Array.of(-1, 1, 1, 1))],
    ["narrow.bias", tensor([1], Float32Array.of(-2))],
  ]);
  const wide = (1 * 1 + 2 * 2 + 2 * 3 + 6 * Math.sqrt(7)) / Math.sqrt(16) + 0.5;
  const narrow = (-3 + 4) / 5 - 2;
  assertEachWithin(blockHeadLogits(photo, BLOCKS, state), [(wide + narrow) / 2], 1e-6);
});

Deno.test("blockHeadLogits() gives a photo without features the mean bias, and takes values just below 0 for 0", () => {
  const state = fitBlockHead(features, BLOCKS, labels, OPTIONS);
  const bias = ((state.get("wide.bias")?.data[0] ?? NaN) + (state.get("narrow.bias")?.data[0] ?? NaN)) / 2;
  const photos = tensor([2, 10], new Float32Array(20).fill(-1e-7, 10));
  assertEachWithin(blockHeadLogits(photos, BLOCKS, state), [bias, bias], 1e-12);
});

Deno.test("blockHeadLogits() does not depend on how strong a photo's features are as a whole", () => {
  const state = fitBlockHead(features, BLOCKS, labels, OPTIONS);
  const stronger = tensor(features.shape, features.data.map((value) => 1000 * value));
  assertEachWithin(blockHeadLogits(stronger, BLOCKS, state), blockHeadLogits(features, BLOCKS, state), 1e-5);
});

Deno.test("fitBlockHead() and blockHeadLogits() tell most photos' labels", () => {
  const whole = [{ name: "whole", width: 10 }];
  const logits = blockHeadLogits(features, whole, fitBlockHead(features, whole, labels, OPTIONS));
  const right = labels.filter((label, photo) => logits[photo] > 0 === (label === 1)).length;
  assert(right >= 0.85 * labels.length, `${right} of ${labels.length}`);
});

Deno.test("outOfFoldLogits() judges a fold as a head does that was fitted to the others", () => {
  const logits = outOfFoldLogits(features, BLOCKS, labels, folds, OPTIONS);
  const photos = [...labels.keys()];
  const held = photos.filter((photo) => folds[photo] === 3);
  const others = photos.filter((photo) => folds[photo] !== 3);
  const state = fitBlockHead(
    rowsAt(features, others),
    BLOCKS,
    Uint8Array.from(others, (photo) => labels[photo]),
    OPTIONS,
  );
  const expected = blockHeadLogits(rowsAt(features, held), BLOCKS, state);
  assertEachWithin(held.map((photo) => logits[photo]), expected, 1e-4);
});

Deno.test("outOfFoldLogits() never judges a photo by its own fold: absurd features change other folds only", () => {
  const before = outOfFoldLogits(features, BLOCKS, labels, folds, OPTIONS);
  const absurd = replaced(features, [0, 5, 10, 15], (column) => column % 2 === 0 ? 1e6 : 0);
  const after = outOfFoldLogits(absurd, BLOCKS, labels, folds, OPTIONS);
  for (const photo of labels.keys()) {
    if (folds[photo] !== 0) assertNotEquals(after[photo], before[photo], `photo ${photo}`);
    else if (photo > 15) assertEquals(after[photo], before[photo], `photo ${photo}`);
  }
});

Deno.test("outOfFoldLogits() never judges a photo by its own label", () => {
  const flipped = labels.map((label, photo) => folds[photo] === 2 ? 1 - label : label);
  const before = outOfFoldLogits(features, BLOCKS, labels, folds, OPTIONS);
  const after = outOfFoldLogits(features, BLOCKS, flipped, folds, OPTIONS);
  for (const photo of labels.keys()) assertEquals(after[photo] === before[photo], folds[photo] === 2, `photo ${photo}`);
});

Deno.test("the block head says what does not fit together", () => {
  assertThrows(
    () => fitBlockHead(features, [{ name: "wide", width: 6 }], labels, OPTIONS),
    RangeError,
    "Cannot read blocks of features: expected [n, 6], got [60,10]",
  );
  assertThrows(
    () => blockHeadLogits(features, BLOCKS, new Map()),
    RangeError,
    "Cannot judge photos: expected wide.weight of [6], got none",
  );
  assertThrows(
    () => outOfFoldLogits(features, BLOCKS, labels, folds.slice(1), OPTIONS),
    RangeError,
    "Cannot judge out of fold: expected 60 fold numbers, got 59",
  );
});
