import { MANIFEST_FILE, STARTED_FILE } from "../../store/manifest.ts";
import type { StageFolder } from "../../store/run_folder.ts";
import type { Stage } from "../stage.ts";

/**
 * Makes room in a stage's folder for what it is about to compute, and notes what from. What an earlier run left is
 * removed, unless it was stopped while computing from just the same things; files that the stage keeps go only when it
 * is forced to make them anew. The manifest goes first: from then on the stage counts as not run.
 * @param key of all that the stage is computed from
 * @returns whether the stage goes on from where it was stopped
 */
export async function makeRoom(
  folder: StageFolder,
  { keeps }: Pick<Stage, "keeps">,
  key: string,
  forced: boolean,
): Promise<boolean> {
  const started = JSON.stringify({ key });
  const unfinished = await folder.has(STARTED_FILE) ? await folder.readText(STARTED_FILE) : undefined;
  await folder.remove(MANIFEST_FILE);
  await folder.removeUnfinished();
  const goesOn = unfinished === started;
  for (const file of goesOn ? [] : await folder.list()) if (forced || !keeps(file)) await folder.remove(file);
  await folder.write(STARTED_FILE, started);
  return goesOn;
}
