import { chooseEngine } from "../../../model/engines/choose.ts";
import type { Engine } from "../../../model/engines/engine.ts";
import { firstNotFinite, type NotFinite, notFiniteIn, syntheticPhoto } from "../../../model/engines/finite_probe.ts";
import { FUSED_BACKBONES } from "../../../model/networks/fused/fusion_net.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import { type Backbone, resizedBackbone } from "../../../model/weights/backbone.ts";
import type { ExtractedFeatures } from "../store/feature_store.ts";
import { UserError } from "../../files/user_error.ts";
import { HOW_TO_GET_WEIGHTS } from "../../weights/weights_folder.ts";

/** Weights overflow at any size; this one costs a fraction of a whole photo, and both networks have a last map at it. */
const PROBED_SIZE = 96;

/**
 * Sends a made-up photo through the backbones and looks at every layer, for an infinity deep inside need not be seen in
 * the features.
 * @throws UserError that names the first layer whose values are not finite.
 */
export async function assertFiniteBackbones(engine: Engine, backbones: readonly Backbone[]): Promise<void> {
  await using prober = await proberBeside(engine);
  for (const backbone of backbones) {
    const found = await firstNotFinite(
      prober.engine,
      resizedBackbone(backbone, PROBED_SIZE),
      syntheticPhoto(PROBED_SIZE),
    );
    if (found) throw notUsable(backbone, found, "a made-up photo");
  }
}

/**
 * What probes for an engine. On a GPU a network of other layers would first have its tiles timed, which takes far longer
 * than one photo on the CPU; what overflows sixteen bits alone the GPU's engine finds by itself.
 */
async function proberBeside(engine: Engine): Promise<AsyncDisposable & { readonly engine: Engine }> {
  const own = { engine, [Symbol.asyncDispose]: () => Promise.resolve() };
  if (engine.name !== "webgpu") return own;
  return await chooseEngine("onnx").then(
    ({ engine: onnx }) => ({ engine: onnx, [Symbol.asyncDispose]: () => onnx.close() }),
    // Not every machine has it.
    () => own,
  );
}

/** What was extracted from some photos, and from what. */
export interface Extracted {
  readonly names: readonly string[];
  /** Bytes for each backbone. */
  readonly inputs: readonly PixelBatch[];
  readonly extracted: ExtractedFeatures;
}

/**
 * Checks a batch's features and activations, unless the engine does so itself, as those do that compute in 16 bits.
 * @throws UserError that names the photo and the layer of the first that is not finite.
 */
export async function assertFiniteFeatures(
  engine: Engine,
  backbones: readonly Backbone[],
  { names, inputs, extracted: { features, cutPoints } }: Extracted,
): Promise<void> {
  if (engine.precision === "f16") return;
  const values = [features, ...cutPoints.values()];
  if (values.every((tensor) => notFiniteIn(tensor) === undefined)) return;
  await using prober = await proberBeside(engine);
  for (const [row, name] of names.entries()) {
    for (const [k, backbone] of backbones.entries()) {
      const found = await firstNotFinite(prober.engine, backbone, rowOf(inputs[k], row));
      if (found) throw notUsable(backbone, found, name);
    }
  }
  const architectures = FUSED_BACKBONES.map(({ architecture }) => architecture).join(" and ");
  throw new UserError(
    `Cannot use the weights of ${architectures}: expected finite features for ${names.join(", ")}, got others. ` +
      HOW_TO_GET_WEIGHTS,
  );
}

function rowOf({ shape: [, height, width, colours], data }: PixelBatch, row: number): PixelBatch {
  const bytes = height * width * colours;
  return { shape: [1, height, width, colours], data: data.subarray(row * bytes, (row + 1) * bytes) };
}

/** @param photo on which that was found. */
export function notUsable(
  { description: { architecture } }: Backbone,
  { layer, value }: NotFinite,
  photo: string,
): UserError {
  return new UserError(
    `Cannot use the weights of ${architecture}: expected finite activations for ${photo}, got ${value} in ${layer}. ` +
      HOW_TO_GET_WEIGHTS,
  );
}
