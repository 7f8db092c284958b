import { UserError } from "../../files/user_error.ts";
import type { Config } from "../../settings/config.ts";
import { type ReadableFolder, stageFolder } from "../../store/run_folder.ts";
import { VerifiedFolder } from "../../store/verified_folder.ts";
import type { OutsideTools, Stage } from "../stage.ts";
import { staleReason } from "../plan/staleness.ts";

/**
 * The folder of a stage of a run that nobody need run again: it was made by the settings and from the outside content
 * that the run has now. Whether the stages before it have run since is not asked: what it left still holds together.
 * @param purpose what the folder is wanted for, as in `Cannot PURPOSE: ...`
 * @throws UserError when the run has not come that far, or came there otherwise.
 */
export async function finishedStage(
  stage: Stage,
  config: Config,
  tools: OutsideTools,
  purpose: string,
): Promise<ReadableFolder> {
  const { out } = config;
  const finished = await VerifiedFolder.open(stageFolder(out, stage.name), stage.name);
  const command = `deno task stage ${stage.name} --out ${out}`;
  if (!finished) {
    throw new UserError(
      `Cannot ${purpose}: expected a run whose stage ${stage.name} has run, got one where it has not. Run ${command} first`,
    );
  }
  const { manifest } = finished;
  const inputs = { ...manifest.inputs, ...await stage.external(config, tools) };
  const wanted = { version: stage.version, params: stage.params(config), inputs, backend: null };
  const stale = staleReason(manifest, wanted);
  if (stale === undefined) return finished;
  throw new UserError(
    `Cannot ${purpose}: expected one that is up to date, got an earlier one (${stale}). Run ${command} first`,
  );
}
