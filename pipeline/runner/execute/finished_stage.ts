import { UserError } from "../../files/user_error.ts";
import type { ReadableFolder } from "../../store/run_folder.ts";
import type { StageName } from "../stage.ts";
import { StoredFacts, type StoredRun } from "../plan/stored_facts.ts";
import { staleReason } from "../plan/staleness.ts";

/**
 * The folder of a stage of a run that nobody need run again: it was made by the settings and from the outside content
 * that the run has now, and of what the stages before it have left. Whether those would run again is not asked, so that
 * no photo is looked at: what a run has left still holds together, until it begins to make it anew.
 * @param purpose what the folder is wanted for, as in `Cannot PURPOSE: ...`
 * @throws UserError when the run has not come that far, came there otherwise, or has gone on since.
 */
export async function finishedStage(name: StageName, run: StoredRun, purpose: string): Promise<ReadableFolder> {
  const finished = await run.store.finished(name);
  const command = `deno task stage ${name} --out ${run.config.out}`;
  if (!finished) {
    throw new UserError(
      `Cannot ${purpose}: expected a run whose stage ${name} has run, got one where it has not. Run ${command} first`,
    );
  }
  // What computes does not matter: any engine predicts by what another has trained.
  const facts = new StoredFacts({ ...run, config: { ...run.config, backend: "auto" } });
  const stale = staleReason(finished.manifest, await facts.wanted(name, new Set()));
  if (stale === undefined) return finished;
  throw new UserError(
    `Cannot ${purpose}: expected one that is up to date, got an earlier one (${stale}). Run ${command} first`,
  );
}
