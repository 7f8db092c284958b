import { assertEquals } from "@std/assert";
import type { PixelBatch } from "../../../../data/base/pixel_batch.ts";
import { gridByOcclusion } from "../../../../pipeline/evidence/by_occlusion.ts";

/** A photo of one colour with one white pixel. */
function photo(size: number, x: number, y: number): PixelBatch {
  const data = new Uint8Array(size * size * 3).fill(7);
  data.fill(255, (y * size + x) * 3, (y * size + x) * 3 + 3);
  return { shape: [1, size, size, 3], data };
}

/** A classifier that adds up each photo's pixels, of both sizes, over the colour that covers them. */
function brightness(inputs: readonly PixelBatch[]): Promise<Float64Array> {
  const logits = new Float64Array(inputs[0].shape[0]);
  for (const { data } of inputs) {
    const length = data.length / logits.length;
    data.forEach((value, k) => logits[Math.floor(k / length)] += value - 7);
  }
  return Promise.resolve(logits);
}

Deno.test("gridByOcclusion() finds the part on which the logit hangs, in all backbones at once, some photos at a time", async () => {
  const inputs = [photo(13, 12, 0), photo(24, 22, 2)];
  const [logit] = await brightness(inputs);
  const sizes: number[] = [];
  const counted = (covered: readonly PixelBatch[]) => {
    sizes.push(covered[0].shape[0]);
    return brightness(covered);
  };
  const { rows, columns, values } = await gridByOcclusion(logit, inputs, [[7, 7, 7], [7, 7, 7]], counted, 10);
  assertEquals([rows, columns, sizes], [6, 6, [10, 10, 10, 6]]);
  assertEquals([...values].map((value, k) => value === 0 ? -1 : k).filter((k) => k >= 0), [5]);
  assertEquals(values[5], logit);
});
