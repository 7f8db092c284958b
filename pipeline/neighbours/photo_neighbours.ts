import { type Label, LABELS } from "../../data/labels.ts";
import { byId } from "../../data/id_order.ts";
import { CompactRows } from "../../model/linear/compact_rows.ts";
import type { FeatureGroup } from "../../model/linear/feature_group.ts";
import { widthOf } from "../../model/linear/width_of.ts";
import { unitRows } from "../../model/linear/neighbour_distances.ts";
import type { Tensor } from "../../model/tensor.ts";
import { FUSED_GROUPS } from "../features/extract/feature_extractor.ts";
import { namedGroups, selectGroups } from "../features/store/feature_groups.ts";
import type { FeatureReader } from "../features/store/feature_store.ts";
import type { PhotoSet } from "../runner/stage.ts";

/** A photo that is like another one. */
export interface NearPhoto {
  readonly id: string;
  readonly label: Label;
  /** Cosine distance, from 0 for the same to 2: what the rescan's distances are means of. */
  readonly distance: number;
}

/** The photos of either class that are most like a photo, the most alike first. */
export type NearestPhotos = Readonly<Record<Label, readonly NearPhoto[]>>;

/**
 * The photos to learn from, by what the outliers' distances are measured on: both backbones' last features. They are held
 * in 16 bits: 8 KB a photo at full width, 25 MB for 3,000 of them.
 */
export class PhotoNeighbours {
  readonly #places: ReadonlyMap<string, number>;

  private constructor(readonly reader: FeatureReader, readonly ids: readonly string[], readonly rows: CompactRows) {
    this.#places = new Map(ids.map((id, place) => [id, place]));
  }

  /**
   * Reads the features of all photos to learn from that were transformed, each shard once.
   * @throws DamagedFile when a shard is not what was written.
   */
  static async load(reader: FeatureReader, signal: AbortSignal): Promise<PhotoNeighbours> {
    const shards = await reader.byShard("train");
    const ids = shards.flat();
    const groups = namedGroups(reader.index.groups, FUSED_GROUPS);
    const rows = new CompactRows(ids.length, widthOf(groups));
    let row = 0;
    // After each shard others get their turn.
    for (const shard of shards) {
      signal.throwIfAborted();
      const { data } = unitRows(await reader.features("train", shard, FUSED_GROUPS), groups);
      for (let k = 0; k < shard.length; k++) rows.set(row++, data.subarray(k * rows.width, (k + 1) * rows.width));
    }
    return new PhotoNeighbours(reader, ids, rows);
  }

  /**
   * The photos most like one whose features are stored; itself is none of them. `undefined` when it has none.
   * @param labelOf gives the label that a photo counts under; those without one are passed over
   */
  async ofStored(
    set: PhotoSet,
    id: string,
    count: number,
    labelOf: (id: string) => Label | undefined,
  ): Promise<NearestPhotos | undefined> {
    if (set === "train") {
      const place = this.#places.get(id);
      if (place === undefined) return undefined;
      return this.#nearest(this.rows.row(place), count, (other) => other === id ? undefined : labelOf(other));
    }
    if (!await this.reader.has(set, id)) return undefined;
    const groups = namedGroups(this.reader.index.groups, FUSED_GROUPS);
    return this.of(await this.reader.features(set, [id], FUSED_GROUPS), groups, count, labelOf);
  }

  /**
   * The photos most like any photo.
   * @param features groups of it, both backbones' last ones among them, `[1, width]`
   */
  of(
    features: Tensor,
    groups: readonly FeatureGroup[],
    count: number,
    labelOf: (id: string) => Label | undefined,
  ): NearestPhotos {
    const { data } = unitRows(selectGroups(features, groups, FUSED_GROUPS), namedGroups(groups, FUSED_GROUPS));
    return this.#nearest(data, count, labelOf);
  }

  #nearest(row: Float32Array, count: number, labelOf: (id: string) => Label | undefined): NearestPhotos {
    const products = this.rows.products(row);
    const photos = this.ids.flatMap((id, k): NearPhoto[] => {
      const label = labelOf(id);
      // Rounding may take a photo with the same features just past them.
      return label === undefined ? [] : [{ id, label, distance: Math.max(0, 1 - products[k]) }];
    });
    photos.sort((a, b) => a.distance - b.distance || byId(a, b));
    const [cat, dog] = LABELS.map((label) => photos.filter((photo) => photo.label === label).slice(0, count));
    return { cat, dog };
  }
}
