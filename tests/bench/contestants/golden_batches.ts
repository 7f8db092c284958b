import { basename } from "@std/path";
import { randomFrom } from "../../../data/random.ts";
import type { Tensor } from "../../../model/tensor.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import {
  embeddedGoldens,
  fullGoldens,
  type GoldenForward,
  readGolden,
} from "../../integration/model/engines/golden_forward.ts";
import type { BackboneOnDisk } from "./contestant.ts";

/** Photos of a batch, and the features that they have where PyTorch's are known. */
export interface KnownBatch {
  /** `[batch, 3, size, size]`, normalised. */
  readonly input: Tensor;
  /** `[batch, channels]`. */
  readonly features?: Float32Array;
}

/** What PyTorch computed with just this network and these weights; none where nobody has asked it. */
export async function fittingGolden(backbone: BackboneOnDisk): Promise<GoldenForward | undefined> {
  for (const file of [...embeddedGoldens(), ...fullGoldens()]) {
    const golden = await readGolden(file);
    const isSame = golden.weightsName === basename(backbone.path, ".safetensors") &&
      JSON.stringify(golden.network) === JSON.stringify(backbone.network);
    if (isSame) return golden;
  }
  return undefined;
}

/** A batch of the golden photos in turn, or of noise where there is no golden. */
export function goldenPhotos(golden: GoldenForward | undefined, { network }: Backbone, batch: number): KnownBatch {
  if (!golden) return { input: noise(network.inputShape, batch) };
  return { input: repeated(golden.input, batch), features: repeated(golden.features, batch).data };
}

/** The rows of a tensor over and over, up to a number of them. */
function repeated({ shape: [rows, ...shape], data }: Tensor, count: number): Tensor {
  const size = data.length / rows;
  const copies = new Float32Array(count * size);
  for (let k = 0; k < count; k++) copies.set(data.subarray((k % rows) * size, (k % rows + 1) * size), k * size);
  return { shape: [count, ...shape], data: copies };
}

function noise({ channels, height, width }: Backbone["network"]["inputShape"], batch: number): Tensor {
  const random = randomFrom(0, "noise");
  const shape = [batch, channels, height, width];
  return { shape, data: Float32Array.from({ length: batch * channels * height * width }, () => 2 * random() - 1) };
}
