import { join } from "@std/path";
import type { SharedDescription } from "../../model/networks/backbones/backbone_kind.ts";
import { describeMetadata } from "../../model/weights/backbone_description.ts";
import { cutText, firstFew } from "../../model/first_few.ts";
import { FUSED_BACKBONES } from "../../model/networks/fused/fusion_net.ts";
import { type Backbone, loadBackbone } from "../../model/weights/backbone.ts";
import { reasonOf } from "../../data/photo_source_error.ts";
import { assertFile, assertSize, readRegularFile } from "../../data/files/regular_file.ts";
import { readSafetensorsHeader } from "../files/safetensors_file.ts";
import { messageOf, UserError } from "../files/user_error.ts";
import { MAXIMUM_WEIGHTS_BYTES, type WeightsFile, type WeightsManifest } from "./weights_manifest.ts";

/** A file of weights that was recognised by its header; its tensors are still on the disk. */
export interface BackboneFile {
  readonly path: string;
  readonly description: SharedDescription;
}

const EXTENSION = ".safetensors";
/** What to do where weights are missing or of no use. */
export const HOW_TO_GET_WEIGHTS =
  "Use --weights mini, fetch the full set with `deno task weights`, or name a folder with both files";

/**
 * Finds one file for each backbone of the fused network, in that network's order. A file says in its metadata what it
 * is, or the manifest lists it under its name. Where a folder holds several sets, the widest files count.
 * @throws UserError when the folder cannot be read, a backbone is missing, or two files are equally wide.
 */
export async function findBackbones(folder: string, manifest: WeightsManifest): Promise<BackboneFile[]> {
  const listed = Object.values(manifest.sets).flatMap((set) => set.files);
  const found: BackboneFile[] = [];
  const passedOver: string[] = [];
  for (const name of await safetensorsIn(folder)) {
    const path = join(folder, name);
    try {
      found.push({ path, description: await describe(path, listed.find((file) => file.name === name)) });
    } catch (thrown) {
      passedOver.push(`${cutText(name)} was passed over: ${messageOf(thrown)}`);
    }
  }
  return FUSED_BACKBONES.map(({ architecture }) => {
    const candidates = found.filter(({ description }) => description.architecture === architecture);
    const width = Math.max(...candidates.map(({ description }) => description.width));
    const widest = candidates.filter(({ description }) => description.width === width);
    if (widest.length === 1) return widest[0];
    const got = widest.length === 0 ? "none" : firstFew(widest.map(({ path }) => path), " and ");
    const besides = passedOver.length === 0 ? "" : `; ${firstFew(passedOver, "; ")}`;
    throw new UserError(
      `Cannot use the weights in ${folder}: expected one file for ${architecture}, got ${got}${besides}. ${HOW_TO_GET_WEIGHTS}`,
    );
  });
}

/**
 * Reads a file that `findBackbones` found.
 * @throws UserError that lists all that is wrong with it.
 */
export async function readBackbone({ path, description }: BackboneFile): Promise<Backbone> {
  try {
    return loadBackbone(await readRegularFile(path, MAXIMUM_WEIGHTS_BYTES), description);
  } catch (thrown) {
    throw new UserError(`Cannot use ${path}: ${messageOf(thrown)}. ${HOW_TO_GET_WEIGHTS}`);
  }
}

async function safetensorsIn(folder: string): Promise<string[]> {
  try {
    const names: string[] = [];
    for await (const entry of Deno.readDir(folder)) {
      if (!entry.isDirectory && entry.name.endsWith(EXTENSION)) names.push(entry.name);
    }
    return names.sort();
  } catch (thrown) {
    const got = reasonOf(thrown);
    throw new UserError(
      `Cannot read the weights in ${folder}: expected a folder that can be read, got ${got}. ${HOW_TO_GET_WEIGHTS}`,
    );
  }
}

async function describe(path: string, listed: WeightsFile | undefined): Promise<SharedDescription> {
  const info = await Deno.stat(path);
  assertFile(info);
  assertSize(info.size, MAXIMUM_WEIGHTS_BYTES);
  return listed?.description ?? describeMetadata((await readSafetensorsHeader(path)).metadata);
}
