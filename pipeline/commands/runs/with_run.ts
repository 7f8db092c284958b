import { readSettings, writeSettings } from "../../settings/config.ts";
import { STAGES } from "../../mod.ts";
import { RunContext } from "../../runner/run_context.ts";
import { Runner } from "../../runner/runner.ts";
import { MANIFEST_FILE } from "../../store/manifest.ts";
import { lockRun } from "../../store/run_folder.ts";
import { type Output, standardError } from "../../terminal/progress.ts";
import type { Arguments } from "../options/options.ts";
import { UserError } from "../../files/user_error.ts";
import { otherPhotos } from "./checks/assert_own_photos.ts";
import { runFolderState } from "./open_run.ts";
import { assertReady, assertReviewFits } from "./assert_ready.ts";
import { assertMayWrite } from "./checks/may_write.ts";
import { rememberedText } from "./remembered_text.ts";
import { settledRun } from "./settled_run.ts";
import { drawSampleFor } from "./places/drawn_sample.ts";

/** What a command may do with a run, and what it checks besides. */
export interface HoldOptions {
  /** Whether a run may be started there. */
  readonly mayStart: boolean;
  /** Whether nothing is to be written, not even a folder. */
  readonly dryRun?: boolean;
  /** Where what is said goes; standard error unless it is given. */
  readonly output?: Output;
  /** Checks what only this command takes. */
  check?(runner: Runner): Promise<void>;
}

/**
 * Does some work with a run's stages, while this process holds the run's folder. Before the first byte is written, all is
 * checked that can be: options, photos, review, weights, engine. Then the folder is made, the sample drawn where there is
 * one, and the settings written.
 * @throws UserError when something is not right, another process holds the folder, or it may not be written into; the run
 * is then as it was.
 */
export async function withRun<Result>(
  given: Arguments,
  out: string,
  { mayStart, dryRun, check, output = standardError }: HoldOptions,
  signal: AbortSignal,
  work: (runner: Runner) => Promise<Result>,
): Promise<Result> {
  using held = new DisposableStack();
  // What a run was told may change until it is held.
  if ((await runFolderState(out)).is === "owned") held.use(await lockRun(out));
  const run = await settledRun(given, out, mayStart);
  const { settings, config, known, isThere } = run;
  if (!dryRun) await assertMayWrite(out, config.cacheFolder);
  const context = await RunContext.open(config, output, signal);
  try {
    const remembered = known && rememberedText(known, given, settings);
    if (remembered) context.say(remembered);
    const runner = new Runner(STAGES, config, context);
    await assertReady(run, runner, dryRun);
    await check?.(runner);
    if (!dryRun) {
      if (!isThere) await begin(out, held);
      // What a run has left of other photos is not its own any more, wherever it is stopped on the way to these.
      if (known && await otherPhotos(out, known, settings)) await runner.store.folder("scan").remove(MANIFEST_FILE);
      if (config.isSample) {
        await drawSampleFor(config, output, signal);
        await assertReviewFits(context);
      }
      await writeSettings(settings, context.runFolder);
    }
    return await work(runner);
  } finally {
    await context.close();
  }
}

/**
 * Makes and holds the folder of a run that has not begun.
 * @throws UserError when another command has begun one there since.
 */
async function begin(out: string, held: DisposableStack): Promise<void> {
  held.use(await lockRun(out));
  if (await readSettings(out) === undefined) return;
  throw new UserError(
    `Cannot start a run in ${out}: expected none there, got one that another command has begun meanwhile. Run this ` +
      `command again to go on with it`,
  );
}
