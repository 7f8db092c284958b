import { z } from "zod";
import type { ReadableFolder } from "../../store/run_folder.ts";

/** Where each photo's row is: a file of `transform` that tells where, and not what, so that nothing depends on it. */
export const ROWS_FILE = "rows.json";

/** Where a photo's row is: its shard's number in the list, and the row within it. */
const Place = z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]);
export type Place = z.infer<typeof Place>;

/** The shards that hold a run's rows, by their names, and which photo's row is where. */
export const StoredRows = z.object({
  shards: z.array(z.string()),
  train: z.record(z.string(), Place),
  test: z.record(z.string(), Place),
});
export type StoredRows = z.infer<typeof StoredRows>;

export async function readStoredRows(folder: ReadableFolder): Promise<StoredRows> {
  return StoredRows.parse(JSON.parse(await folder.readText(ROWS_FILE)));
}
