import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { stacked, type Tensor } from "../../../model/tensor.ts";
import type { StageFolder } from "../../store/run_folder.ts";
import { cutPointShard } from "../store/cut_point_rows.ts";
import { namedGroups, selectGroups, storedType } from "../store/feature_groups.ts";
import { sealedFeatureShard } from "../store/feature_shard.ts";
import type { ExtractedFeatures } from "../store/feature_store.ts";
import { cutPointsOfShard, SHARD_PHOTOS, shardName } from "../store/shard_names.ts";
import type { WantedRow } from "./cached_rows.ts";

/** Rows that wait for a shard to be full; all have the same groups. */
interface Waiting {
  readonly keys: string[];
  readonly rows: ExtractedFeatures[];
}

/**
 * Writes rows in shards of a process's own, each of rows with the same groups of features. The features come after the
 * activations at cut points, so that a shard whose features are there is whole.
 */
export class ShardWriter {
  readonly #waiting = new Map<string, Waiting>();
  #number = 0;

  /**
   * @param writer a name that no other has
   * @param groups of what is extracted
   */
  constructor(readonly set: StageFolder, readonly writer: string, readonly groups: readonly FeatureGroup[]) {}

  /**
   * Takes rows of a batch, and writes the shards that are full by then.
   * @returns the keys that were written
   */
  async add(wanted: readonly WantedRow[], batch: ExtractedFeatures): Promise<string[]> {
    const written: string[] = [];
    for (const [row, { key, groups }] of wanted.entries()) {
      const kind = groups.join();
      const waiting = this.#waiting.get(kind) ?? { keys: [], rows: [] };
      this.#waiting.set(kind, waiting);
      waiting.keys.push(key);
      waiting.rows.push(rowOf(batch, row));
      if (waiting.keys.length >= SHARD_PHOTOS) written.push(...await this.#write(kind, waiting));
    }
    return written;
  }

  /** Writes what still waits. */
  async finish(): Promise<string[]> {
    const written: string[] = [];
    for (const [kind, waiting] of this.#waiting) written.push(...await this.#write(kind, waiting));
    return written;
  }

  async #write(kind: string, { keys, rows }: Waiting): Promise<readonly string[]> {
    this.#waiting.delete(kind);
    const shard = shardName(this.writer, this.#number++);
    const names = kind.split(",");
    const features = selectGroups(stacked(rows.map(({ features }) => features)), this.groups, names);
    const cutPoints = new Map<string, Tensor>();
    for (const prefix of rows[0].cutPoints.keys()) {
      cutPoints.set(prefix, stacked(rows.flatMap((row) => row.cutPoints.get(prefix) ?? [])));
    }
    const stored = cutPointShard(cutPoints);
    if (cutPoints.size > 0) await this.set.write(cutPointsOfShard(shard), stored.file);
    const groups = namedGroups(this.groups, names);
    await this.set.write(
      shard,
      sealedFeatureShard({ keys, groups, cutPoints: stored.rows, features }, storedType(this.groups)),
    );
    return keys;
  }
}

/** One photo's part of a batch, copied: the batch itself need not be kept for it. */
function rowOf({ features, cutPoints }: ExtractedFeatures, row: number): ExtractedFeatures {
  const cut = ({ shape: [photos, ...shape], data }: Tensor): Tensor => {
    const size = data.length / photos;
    return { shape: [1, ...shape], data: data.slice(row * size, (row + 1) * size) };
  };
  return {
    features: cut(features),
    cutPoints: new Map([...cutPoints].map(([prefix, tensor]) => [prefix, cut(tensor)])),
  };
}
