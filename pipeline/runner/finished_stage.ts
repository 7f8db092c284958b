import { readTextIfThere } from "../files/atomic_file.ts";
import { UserError } from "../files/user_error.ts";
import type { Config } from "../settings/config.ts";
import { MANIFEST_FILE, parseManifest } from "./manifest.ts";
import { type ReadableFolder, stageFolder } from "./run_folder.ts";
import type { OutsideTools, Stage } from "./stage.ts";
import { staleReason } from "./staleness.ts";

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
  const folder = stageFolder(out, stage.name);
  const path = folder.path(MANIFEST_FILE);
  const text = await readTextIfThere(path);
  const command = `deno task stage ${stage.name} --out ${out}`;
  if (text === undefined) {
    throw new UserError(
      `Cannot ${purpose}: expected a run whose stage ${stage.name} has run, got one where it has not. Run ${command} first`,
    );
  }
  const manifest = parseManifest(text, path);
  const inputs = { ...manifest.inputs, ...await stage.external(config, tools) };
  const wanted = { version: stage.version, params: stage.params(config), inputs, backend: null };
  const stale = staleReason(manifest, wanted);
  if (stale === undefined) return folder;
  throw new UserError(
    `Cannot ${purpose}: expected one that is up to date, got an earlier one (${stale}). Run ${command} first`,
  );
}
