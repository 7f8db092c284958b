import { assertEquals } from "@std/assert";
import { inputsOf } from "../../../../model/networks/network.ts";
import type { Network } from "../../../../model/networks/layers.ts";
import { type Tensor, tensor, type TensorMap } from "../../../../model/tensor.ts";
import { assertClose } from "../training/golden_files.ts";
import { wave } from "./awkward_network.ts";
import { runPlainly } from "./plain_rows.ts";

/** A batch of photos of a network's size; the same every time. */
export function photosFor({ inputShape: { channels, height, width } }: Network, batch: number): Tensor {
  const size = channels * height * width;
  return tensor([batch, channels, height, width], Float32Array.from({ length: batch * size }, (_, k) => wave(k)));
}

/** All values that an executor can be asked for at once: asking for a mean's input keeps it from being taken early. */
export function observableOutputs(network: Network): string[] {
  const read = new Set(network.rows.flatMap(inputsOf));
  return network.rows.filter(({ kind, output }) => kind !== "average_pool" || !read.has(output))
    .map(({ output }) => output);
}

/** Holds every photo's outputs to the oracle. */
export function assertPlainOutputs(
  network: Network,
  weights: TensorMap,
  photos: Tensor,
  outputs: TensorMap,
  tolerance: number,
): void {
  const batch = photos.shape[0];
  const part = (data: Float32Array, photo: number) =>
    data.slice(photo * data.length / batch, (photo + 1) * data.length / batch);
  for (let photo = 0; photo < batch; photo++) {
    const one = { shape: [1, ...photos.shape.slice(1)], data: part(photos.data, photo) };
    const expected = runPlainly(network, weights, one);
    for (const name of observableOutputs(network)) {
      const output = part(outputs.get(name)?.data ?? new Float32Array(), photo);
      assertEquals(output.length, expected.get(name)?.length, name);
      // The one keeps values that are all zero comparable.
      assertClose([...output, 1], [...expected.get(name) ?? [], 1], tolerance, `${name} of photo ${photo}`);
    }
  }
}
