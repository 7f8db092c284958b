import type { Engine } from "../../../model/engines/engine.ts";
import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import type { StageTools } from "../../runner/stage.ts";
import { extractedBatches, type Extraction, type PhotoToExtract } from "../extract/extracted_batches.ts";
import type { CachedRows, WantedRow } from "./cached_rows.ts";
import { partOfKey, type RowClaims } from "./row_claims.ts";
import { ShardWriter } from "./shard_writer.ts";

/** A photo whose row is wanted. */
export type PhotoOfRow = WantedRow & PhotoToExtract;

/** With what rows are computed, and where they are kept. */
export interface RowsToFill {
  readonly rows: CachedRows;
  readonly claims: RowClaims;
  readonly extraction: Extraction;
  /** The floats that the rows' keys say. */
  readonly floats: Engine["precision"];
  /** Of what the extractor gives. */
  readonly groups: readonly FeatureGroup[];
}

/** A part of the keys that is claimed, and how many of its rows are not written yet. */
interface OpenPart {
  readonly claim: Disposable;
  left: number;
}

/**
 * Computes rows that are missing. Other processes may do the same at the same time: a part of the keys is claimed, looked
 * for once more, and computed, so that no row is computed twice; for what another has claimed, it is waited until it is
 * there or the other has gone. Rows are kept as shards get full: a process that is killed loses no others.
 * @returns how many rows were computed here; `undefined` where the engine went on to other floats, in which all rows are
 * wanted then
 */
export async function fillRows(
  photos: readonly PhotoOfRow[],
  { rows, claims, extraction, floats, groups }: RowsToFill,
  tools: Pick<StageTools, "progress" | "signal" | "say">,
): Promise<number | undefined> {
  const parts = Map.groupBy(photos, ({ key }) => partOfKey(key));
  const progress = tools.progress(photos.length, "photos");
  const open = new Map<number, OpenPart>();
  const writer = new ShardWriter(rows.set, rows.options.writer, groups);
  const closed = (keys: readonly string[]) => {
    for (const part of keys.map(partOfKey)) {
      const claimed = open.get(part);
      if (claimed === undefined || --claimed.left > 0) continue;
      claimed.claim[Symbol.dispose]();
      open.delete(part);
    }
  };
  /** The photos to compute, as they are asked for: claimed then, and not before. */
  function* claimed(): Generator<PhotoOfRow> {
    for (const [part, some] of [...parts]) {
      const claim = claims.tryTake(part);
      if (claim === undefined) continue;
      parts.delete(part);
      rows.refresh();
      const missing = some.filter(({ key }) => !rows.has(key));
      progress.advance(some.length - missing.length);
      if (missing.length === 0) claim[Symbol.dispose]();
      else open.set(part, { claim, left: missing.length });
      yield* missing;
    }
  }
  let computed = 0;
  let hasSaid = false;
  try {
    while (true) {
      for await (const { photos: some, extracted } of extractedBatches(claimed(), extraction, tools)) {
        if (extraction.engine.precision !== floats) return undefined;
        closed(await writer.add(some, extracted));
        computed += some.length;
        progress.advance(some.length);
      }
      closed(await writer.finish());
      if (parts.size === 0) break;
      if (!hasSaid) tools.say("  waiting for another process that computes features of the same photos");
      hasSaid = true;
      await claims.wait(tools.signal);
    }
  } finally {
    for (const { claim } of open.values()) claim[Symbol.dispose]();
    progress.finish();
  }
  rows.refresh();
  return computed;
}
