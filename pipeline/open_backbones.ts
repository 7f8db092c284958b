import { join } from "@std/path";
import { FUSED_BACKBONES } from "../model/fusion_net.ts";
import { shapesOf } from "../model/network.ts";
import type { Backbone } from "../model/weights.ts";
import { type BackboneFile, findBackbones, readBackbone } from "./weights_folder.ts";
import { readWeightsManifest, WEIGHTS_FOLDER } from "./weights_manifest.ts";

/** The two files that `--weights` means: a set of the manifest by its name, or a folder. */
export async function backboneFiles(weights: string): Promise<BackboneFile[]> {
  const manifest = await readWeightsManifest();
  const set = Object.hasOwn(manifest.sets, weights) ? manifest.sets[weights] : undefined;
  return await findBackbones(set ? join(WEIGHTS_FOLDER, set.folder) : weights, manifest);
}

/** Reads the backbones, in the order in which their features stand side by side. */
export async function openBackbones(weights: string): Promise<Backbone[]> {
  const backbones: Backbone[] = [];
  for (const file of await backboneFiles(weights)) backbones.push(await readBackbone(file));
  return backbones;
}

/** Features of all backbones together: 4,096 at full width. */
export function featureWidth(backbones: readonly Backbone[]): number {
  return backbones.reduce((width, { network }) => width + (shapesOf(network).get(network.output)?.channels ?? 0), 0);
}

const FLOAT16_BYTES = 2;

/** The disk that one photo's activations at both boundaries take, in bytes, at float16. */
export function boundaryBytes(backbones: readonly Backbone[]): number {
  return FUSED_BACKBONES.reduce((bytes, { boundary }, k) => {
    const shape = shapesOf(backbones[k].network).get(boundary);
    return bytes + (shape ? shape.channels * shape.height * shape.width * FLOAT16_BYTES : 0);
  }, 0);
}
