import { DamagedFile } from "../../store/damaged_file.ts";
import { VerifiedFolder } from "../../store/verified_folder.ts";
import type { RunContext } from "../run_context.ts";

/**
 * Does work that runs stages and reads what they wrote. Where a file is not what was written, it and what else was
 * damaged beside it are removed, so that their stage counts as changed and computes them again, and the work is done
 * once more.
 * @throws DamagedFile when the same file is found damaged again.
 */
export async function healing<Result>(
  context: Pick<RunContext, "say">,
  work: () => Promise<Result>,
): Promise<Result> {
  const healed = new Set<string>();
  while (true) {
    try {
      return await work();
    } catch (thrown) {
      if (!(thrown instanceof DamagedFile) || healed.has(thrown.path)) throw thrown;
      healed.add(thrown.path);
      context.say(`  ${thrown.path} is not what was written: it is computed again`);
      await removeDamaged(thrown);
    }
  }
}

async function removeDamaged({ folder, file, stage, finished }: DamagedFile): Promise<void> {
  if (await folder.has(file)) await folder.remove(file);
  const all = finished ?? await VerifiedFolder.open(folder, stage);
  for (const damaged of await all?.damagedFiles() ?? []) await damaged.folder.remove(damaged.file);
}
