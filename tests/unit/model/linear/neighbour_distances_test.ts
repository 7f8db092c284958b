import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import { neighbourDistances } from "../../../../model/linear/neighbour_distances.ts";
import { type Tensor, tensor } from "../../../../model/tensor.ts";

const BLOCKS = [{ name: "left", width: 3 }, { name: "right", width: 2 }];

/** The plainest product there is. */
const plainEngine = {
  product(a: Tensor, b: Tensor): Promise<Tensor> {
    const [[m, k], [n]] = [a.shape, b.shape];
    const data = new Float32Array(m * n);
    for (let row = 0; row < m; row++) {
      for (let other = 0; other < n; other++) {
        for (let j = 0; j < k; j++) data[row * n + other] += a.data[row * k + j] * b.data[other * k + j];
      }
    }
    return Promise.resolve({ shape: [m, n], data });
  },
};

function randomFeatures(count: number): Tensor {
  return tensor([count, 5], Float32Array.from({ length: 5 * count }, randomFrom(count, "features")));
}

/** Cosine similarity after both blocks have been brought to length 1. */
function similarity(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const cosine = (from: number, to: number) => {
    let [product, squaresA, squaresB] = [0, 0, 0];
    for (let j = from; j < to; j++) {
      product += a[j] * b[j];
      squaresA += a[j] ** 2;
      squaresB += b[j] ** 2;
    }
    return product / Math.sqrt(squaresA * squaresB);
  };
  return (cosine(0, 3) + cosine(3, 5)) / 2;
}

Deno.test("neighbourDistances() is the mean over the ten nearest of all others, across tiles too", async () => {
  const count = 1030;
  const features = randomFeatures(count);
  const row = (k: number) => features.data.subarray(5 * k, 5 * k + 5);
  const distances = await neighbourDistances(features, BLOCKS, plainEngine);
  for (const photo of [0, 500, 1023, 1024, 1029]) {
    const others = [...Array(count).keys()].filter((other) => other !== photo);
    const nearest = others.map((other) => 1 - similarity(row(photo), row(other))).sort((a, b) => a - b).slice(0, 10);
    assertAlmostEquals(distances[photo], nearest.reduce((sum, value) => sum + value, 0) / 10, 1e-6);
  }
});

Deno.test("neighbourDistances() does not take a photo for its own neighbour, but its copy", async () => {
  const alone = tensor([2, 5], Float32Array.of(1, 0, 0, 1, 0, 0, 1, 0, 0, 1));
  assertEquals([...await neighbourDistances(alone, BLOCKS, plainEngine)], [1, 1]);
  const copies = tensor([2, 5], Float32Array.of(1, 2, 3, 4, 5, 1, 2, 3, 4, 5));
  for (const distance of await neighbourDistances(copies, BLOCKS, plainEngine)) assertAlmostEquals(distance, 0, 1e-6);
});

Deno.test("neighbourDistances() weighs blocks alike, however strong their features are", async () => {
  const features = randomFeatures(30);
  const stronger = tensor(features.shape, features.data.map((value, k) => k % 5 < 3 ? 100 * value : value));
  const [distances, others] = [
    await neighbourDistances(features, BLOCKS, plainEngine),
    await neighbourDistances(stronger, BLOCKS, plainEngine),
  ];
  for (const [photo, distance] of distances.entries()) assertAlmostEquals(others[photo], distance, 1e-6);
});

Deno.test("neighbourDistances() puts a photo without features far from all", async () => {
  const features = randomFeatures(20);
  features.data.fill(0, 0, 5);
  const [blank, ...rest] = await neighbourDistances(features, BLOCKS, plainEngine);
  assertEquals(blank, 1);
  assert(rest.every((distance) => distance < 1));
});

Deno.test("neighbourDistances() says what is wrong with features", async () => {
  await assertRejects(
    () => neighbourDistances(tensor([1, 4], new Float32Array(4)), BLOCKS, plainEngine),
    RangeError,
    "Cannot find a photo's neighbours: expected features of [n, 5], got [1,4]",
  );
  await assertRejects(
    () => neighbourDistances(randomFeatures(1), BLOCKS, plainEngine),
    RangeError,
    "Cannot find a photo's neighbours: expected other photos to compare it with, got none",
  );
});
