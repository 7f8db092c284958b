import { assert, assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../../../../model/tensor.ts";
import { oppositeClassEvidence } from "../../../../model/linear/opposite_class_evidence.ts";

const PENALTY = { penalty: 1e-2 };
/** Channel 0 is what cats have, channel 1 what dogs have. */
const CAT = [3, 1];
const DOG = [1, 3];

interface Photo {
  readonly label: 0 | 1;
  readonly fold: number;
  /** Four windows, each with the two channels. */
  readonly windows: readonly (readonly number[])[];
}

function evidence(photos: readonly Photo[]): Promise<Float64Array> {
  const mean = ({ windows }: Photo, channel: number) =>
    windows.reduce((sum, window) => sum + window[channel], 0) / windows.length;
  return oppositeClassEvidence({
    features: tensor(
      [photos.length, 2],
      Float32Array.from(photos.flatMap((photo) => [mean(photo, 0), mean(photo, 1)])),
    ),
    windows: tensor(
      [photos.length, 8],
      Float32Array.from(photos.flatMap(({ windows }) => [0, 1].flatMap((channel) => windows.map((w) => w[channel])))),
    ),
    labels: Uint8Array.from(photos, ({ label }) => label),
    folds: Uint8Array.from(photos, ({ fold }) => fold),
  }, PENALTY);
}

const plain = (label: 0 | 1, fold: number): Photo => ({
  label,
  fold,
  windows: new Array(4).fill(label === 1 ? DOG : CAT),
});
const ordinary: readonly Photo[] = [0, 1, 2, 3].flatMap((fold) => [plain(0, fold), plain(1, fold)]);

Deno.test("oppositeClassEvidence() is high for one window of the other class, and for a wrong label", async () => {
  const withBoth: Photo = { label: 1, fold: 1, windows: [DOG, DOG, CAT, DOG] };
  const wrong: Photo = { ...plain(0, 2), label: 1 };
  const values = await evidence([...ordinary, withBoth, wrong]);
  const [both, mislabelled] = values.slice(ordinary.length);
  assert(both > 0 && mislabelled > 0, `${both} ${mislabelled}`);
  assert(values.slice(0, ordinary.length).every((value) => value < 0), `${values}`);
});

Deno.test("oppositeClassEvidence() does not depend on how strong a window is, or which one it is", async () => {
  const first = (await evidence([...ordinary, { label: 0, fold: 0, windows: [DOG, CAT, CAT, CAT] }])).at(-1);
  const strong = (await evidence([...ordinary, { label: 0, fold: 0, windows: [CAT, CAT, CAT, [100, 300]] }])).at(-1);
  assert(Math.abs((first ?? NaN) - (strong ?? NaN)) < 1e-6, `${first} ${strong}`);
});

Deno.test("oppositeClassEvidence() never judges a photo by its own fold", async () => {
  const before = await evidence(ordinary);
  const absurd = ordinary.map((photo, k) => k === 0 ? { ...photo, windows: new Array(4).fill([0, 1e6]) } : photo);
  const after = await evidence(absurd);
  assertEquals(after[1], before[1], "the photo in the same fold");
  assert(after[2] !== before[2], "a photo in another fold");
});

Deno.test("oppositeClassEvidence() refuses windows of other channels", async () => {
  const photos = {
    features: tensor([2, 2], new Float32Array(4)),
    labels: Uint8Array.of(0, 1),
    folds: Uint8Array.of(0, 1),
  };
  await assertRejects(
    () => oppositeClassEvidence({ ...photos, windows: tensor([2, 7], new Float32Array(14)) }, PENALTY),
    RangeError,
    "Cannot judge windows: expected [2, a multiple of 2], got [2,7]",
  );
});
