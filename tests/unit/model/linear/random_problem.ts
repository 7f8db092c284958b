import { randomFrom } from "../../../../data/random.ts";
import { type Tensor, tensor } from "../../../../model/tensor.ts";

/** Rows with labels that their values tell imperfectly. */
export interface Problem {
  readonly rows: Tensor;
  readonly labels: Uint8Array;
}

/** Values from 0 to 1; the label is mostly whether the first two exceed the last two. */
export function randomProblem(count: number, width: number, seed = 1): Problem {
  const random = randomFrom(seed, "a problem");
  const data = Float32Array.from({ length: count * width }, random);
  const labels = Uint8Array.from({ length: count }, (_, row) => {
    const [a, b, y, z] = [0, 1, width - 2, width - 1].map((column) => data[row * width + column]);
    return a + b - y - z + 0.6 * (random() - 0.5) > 0 ? 1 : 0;
  });
  return { rows: tensor([count, width], data), labels };
}

/** Some rows of a matrix, in the order given. */
export function rowsAt({ shape: [, width], data }: Tensor, places: readonly number[]): Tensor {
  return tensor(
    [places.length, width],
    Float32Array.from(places.flatMap((row) => [...data.subarray(row * width, (row + 1) * width)])),
  );
}

/** Fails unless every value is as close to the expected one as that. */
export function assertEachWithin(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  if (actual.length !== expected.length) throw new Error(`expected ${expected.length} values, got ${actual.length}`);
  for (let k = 0; k < expected.length; k++) {
    if (Math.abs(actual[k] - expected[k]) <= tolerance) continue;
    throw new Error(`value ${k}: expected ${expected[k]} within ${tolerance}, got ${actual[k]}`);
  }
}
