import { widthOf } from "../../model/linear/feature_group.ts";
import { namedBlocks } from "./feature_groups.ts";
import { FUSED_BLOCKS } from "./feature_extractor.ts";
import type { FeatureReader, RowPlaces } from "./feature_store.ts";

/** How many features the fused network's head reads. */
export function fusedWidth({ blocks }: Pick<RowPlaces, "blocks">): number {
  return widthOf(namedBlocks(blocks, FUSED_BLOCKS));
}

/** Reads the features of all photos once (16 KB a photo at full width) and hands them out from memory. */
export async function featuresInMemory(reader: FeatureReader, ids: readonly string[]) {
  const all = await reader.features("train", ids, FUSED_BLOCKS);
  const width = all.shape[1];
  const rows = new Map(ids.map((id, row) => [id, all.data.subarray(row * width, (row + 1) * width)]));
  return (wanted: readonly string[]) => {
    const data = new Float32Array(wanted.length * width);
    wanted.forEach((id, row) => data.set(rows.get(id) ?? [], row * width));
    return Promise.resolve([{ shape: [wanted.length, width], data }]);
  };
}
