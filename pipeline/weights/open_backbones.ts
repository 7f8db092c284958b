import { join } from "@std/path";
import { FUSED_BACKBONES } from "../../model/networks/fused/fusion_net.ts";
import { type InputScales, OWN_SIZES, scaledInputSize } from "../../model/networks/fused/input_scales.ts";
import { shapesOf } from "../../model/networks/network.ts";
import { type Backbone, resizedBackbone } from "../../model/weights/backbone.ts";
import { type BackboneFile, findBackbones, readBackbone } from "./weights_folder.ts";
import { readWeightsManifest, WEIGHTS_FOLDER } from "./weights_manifest.ts";

/** The two files that `--weights` means: a set of the manifest by its name, or a folder. */
export async function backboneFiles(weights: string): Promise<BackboneFile[]> {
  const manifest = await readWeightsManifest();
  const set = Object.hasOwn(manifest.sets, weights) ? manifest.sets[weights] : undefined;
  return await findBackbones(set ? join(WEIGHTS_FOLDER, set.folder) : weights, manifest);
}

/** The sizes at which the backbones of `--weights` see photos, in pixels and in their order. */
export async function inputSizes(weights: string, scales: InputScales): Promise<number[]> {
  const files = await backboneFiles(weights);
  return FUSED_BACKBONES.map(({ prefix }, k) => scaledInputSize(files[k].description.inputSize, scales[prefix]));
}

/** Reads the backbones, in the order in which their features stand side by side. */
export async function openBackbones(weights: string, scales: InputScales = OWN_SIZES): Promise<Backbone[]> {
  const sizes = await inputSizes(weights, scales);
  const backbones: Backbone[] = [];
  for (const [k, file] of (await backboneFiles(weights)).entries()) {
    backbones.push(resizedBackbone(await readBackbone(file), sizes[k]));
  }
  return backbones;
}

const FLOAT16_BYTES = 2;

/** The disk that one photo's activations at both cut points take, in bytes, at float16. */
export function cutPointBytes(backbones: readonly Backbone[]): number {
  return FUSED_BACKBONES.reduce((bytes, { cutPoint }, k) => {
    const shape = shapesOf(backbones[k].network).get(cutPoint);
    return bytes + (shape ? shape.channels * shape.height * shape.width * FLOAT16_BYTES : 0);
  }, 0);
}
