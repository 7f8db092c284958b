import { basename } from "@std/path";
import { sha256OfFile } from "../files/hashing.ts";
import { backboneFiles } from "./open_backbones.ts";
import { readWeightsManifest } from "./weights_manifest.ts";

/** Where a file of weights comes from. */
export interface WeightsOrigin {
  readonly file: string;
  readonly sha256: string;
  /** As far as the manifest knows a file of this content. */
  readonly licence?: string;
  readonly from?: string;
}

/** Where the backbones of `--weights` come from, in their order. */
export async function weightsOrigins(weights: string): Promise<WeightsOrigin[]> {
  const listed = Object.values((await readWeightsManifest()).sets).flatMap((set) => set.files);
  const origins: WeightsOrigin[] = [];
  for (const { path } of await backboneFiles(weights)) {
    const sha256 = await sha256OfFile(path);
    const known = listed.find((file) => file.sha256 === sha256);
    origins.push({ file: basename(path), sha256, ...known && { licence: known.license, from: known.url } });
  }
  return origins;
}
