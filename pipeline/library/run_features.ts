import { openRun } from "../commands/runs/open_run.ts";
import { FeatureReader } from "../features/store/feature_store.ts";
import { readStoredRows } from "../features/store/stored_rows.ts";
import { UserError } from "../files/user_error.ts";
import { RunOutputs } from "../finished/run_outputs.ts";
import { CacheFolder } from "../store/cache_folder.ts";
import { runFolder } from "../store/run_folder.ts";
import { RunStore } from "../store/run_store.ts";
import { VerifiedFolder } from "../store/verified_folder.ts";

/** A group of features that stand side by side. */
export interface NamedGroup {
  /** What `read` calls it. */
  readonly name: string;
  /** Its features a photo. */
  readonly width: number;
}

/** Features of photos, one row each. */
export interface FeatureMatrix {
  /** `[photos, features]`. */
  readonly shape: readonly number[];
  /** Row after row. */
  readonly data: Float32Array;
}

/** What the backbones made of a run's photos. */
export interface RunFeatures {
  /** The groups of features, in their order in a row. */
  readonly groups: readonly NamedGroup[];
  /** The ids of the labelled photos (`train`), or of those to predict (`test`): their paths within their folder. */
  ids(set: "train" | "test"): readonly string[];
  /**
   * The features of some photos, in their order; each is checked as it is read.
   * @param groups the names of those that are wanted, side by side in this order; all of them when not given
   * @throws RangeError when there is no such photo or group; UserError when a file is not what was written.
   */
  read(set: "train" | "test", ids: readonly string[], groups?: readonly string[]): Promise<FeatureMatrix>;
}

/**
 * Opens the features of a run whose photos have gone through the backbones.
 * @param run the run's folder, such as `runs/sample`
 * @throws UserError when there is no run, or it has not come that far.
 */
export async function openFeatures(run: string): Promise<RunFeatures> {
  const { out, cacheFolder } = await openRun(
    { words: [], values: new Map([["run", run]]), switches: new Set() },
    "run",
  );
  const transformed = await new RunOutputs(new RunStore(runFolder(out))).transform.read();
  if (!transformed) {
    throw new UserError(
      `Cannot read features of ${out}: expected a run whose stage transform has run, got one where it has not. Run ` +
        `deno task stage transform --out ${out} first`,
    );
  }
  const { output: index, folder: { folder, manifest } } = transformed;
  const rows = await readStoredRows(transformed.folder);
  return {
    groups: index.groups.map(({ name, width }) => ({ name, width })),
    ids: (set) => Object.keys(rows[set]),
    async read(set, ids, groups) {
      const cache = new CacheFolder(cacheFolder);
      try {
        return await new FeatureReader(new VerifiedFolder(folder, manifest, cache), index).features(set, ids, groups);
      } finally {
        // Nobody can remove features that a process is reading; a program that goes on running is not.
        cache.close();
      }
    },
  };
}
