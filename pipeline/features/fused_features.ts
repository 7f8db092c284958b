import type { Tensor } from "../../model/tensor.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import { FUSED_GROUPS } from "./extract/feature_extractor.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import { widthOf } from "../../model/linear/width_of.ts";
import { namedGroups } from "./store/feature_groups.ts";
import type { FeatureReader } from "./store/feature_store.ts";

/** How many features the fused network's head reads, 4,096 at full width, of all that a photo has. */
export function fusedWidth(groups: readonly FeatureGroup[]): number {
  return widthOf(namedGroups(groups, FUSED_GROUPS));
}

/** The features of some photos that the fused network's head reads, in memory: 16 KB a photo at full width. */
export class FusedFeatures {
  readonly #width: number;
  readonly #rows: ReadonlyMap<string, Float32Array>;

  /** @param features `[ids.length, width]` */
  constructor(ids: readonly string[], { shape: [, width], data }: Tensor) {
    this.#width = width;
    this.#rows = new Map(ids.map((id, row) => [id, data.subarray(row * width, (row + 1) * width)]));
  }

  /** Reads them all, once. */
  static async read(reader: FeatureReader, ids: readonly string[]): Promise<FusedFeatures> {
    return new FusedFeatures(ids, await reader.features("train", ids, FUSED_GROUPS));
  }

  /**
   * Their rows, `[ids.length, width]`, in that order.
   * @throws RangeError for a photo that was not read.
   */
  of(ids: readonly string[]): Tensor {
    const data = new Float32Array(ids.length * this.#width);
    for (const [row, id] of ids.entries()) data.set(entryOf(this.#rows, id, "a photo's features"), row * this.#width);
    return { shape: [ids.length, this.#width], data };
  }
}
