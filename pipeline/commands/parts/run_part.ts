import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../../files/user_error.ts";
import { STAGES } from "../../mod.ts";
import { PartFile, type PartNote, PARTS_FOLDER } from "../../parts/part_file.ts";
import { readJobs } from "../../parts/submitted_jobs.ts";
import { RunContext } from "../../runner/run_context.ts";
import { Runner } from "../../runner/runner.ts";
import type { Part, StageName } from "../../runner/stage.ts";
import { stopwatch } from "../../files/stopwatch.ts";
import type { Config } from "../../settings/config.ts";
import { RunHeld, stageFolder } from "../../store/run_folder.ts";
import { duration, sayLine, standardError } from "../../terminal/progress.ts";
import { countsText } from "../../terminal/table.ts";
import type { Arguments } from "../options/options.ts";
import { withRun } from "../runs/with_run.ts";

const WAIT_MILLISECONDS = 500;

/**
 * Does one part of a stage's work, as other processes do the others, here or on other machines that see the same folders.
 * What comes before the stage is done by whichever has the run's folder first, and the others wait for it; the part itself
 * writes into the shared cache alone.
 */
export async function runPart(
  given: Arguments,
  out: string,
  stage: StageName,
  part: Part,
  signal: AbortSignal,
): Promise<void> {
  const name = `part ${part.number}/${part.of} of ${stage}`;
  const note = { host: Deno.hostname(), began: new Date().toISOString(), counts: {} };
  const ended = () => ({ ...note, ended: new Date().toISOString() });
  const seconds = stopwatch();
  let context: RunContext | undefined;
  try {
    const config = await prepared(given, out, stage, signal);
    context = await RunContext.open(config, standardError, signal);
    using file = await heldFile(out, part, signal);
    await file.note({ ...note, state: "running" });
    context.say(`${out}: ${name}`);
    const counts = await new Runner(STAGES, config, context).runPart(stage, part);
    await file.note({ ...ended(), state: "done", counts });
    context.say(`${out}: did ${name} in ${duration(seconds())}: ${countsText(counts)}`);
  } catch (thrown) {
    // One that was stopped is not said to have failed: it goes on when the same is done again. What was refused before
    // anything was done leaves the run as it is, unless the run waits for it.
    if (!signal.aborted && (context || await wasSubmitted(out, part))) {
      // Where that cannot be noted either, as on a full disk, the first reason is the one to tell.
      await noteIn(out, part, { ...ended(), state: "failed", problem: messageOf(thrown) }, signal).catch(() => {});
    }
    throw thrown;
  } finally {
    await context?.close();
  }
}

async function wasSubmitted(out: string, { of }: Part): Promise<boolean> {
  return (await readJobs(stageFolder(out, PARTS_FOLDER)))?.of === of;
}

async function noteIn(out: string, part: Part, note: PartNote, signal: AbortSignal): Promise<void> {
  using file = await heldFile(out, part, signal);
  await file.note(note);
}

async function heldFile(out: string, part: Part, signal: AbortSignal): Promise<PartFile> {
  const waiting = () => sayLine(standardError, `${out}: waiting for another process that does the same part`);
  return await PartFile.hold(stageFolder(out, PARTS_FOLDER), part, signal, waiting);
}

/** Settles what the run is told and runs what the stage needs, as soon as no other process holds the run's folder. */
async function prepared(given: Arguments, out: string, stage: StageName, signal: AbortSignal): Promise<Config> {
  for (let hasSaid = false;; hasSaid = true) {
    try {
      const options = { mayStart: given.values.has("data") };
      return await withRun(given, out, options, signal, async (runner) => {
        await runner.runNeeds(stage);
        return runner.config;
      });
    } catch (thrown) {
      if (!(thrown instanceof RunHeld)) throw thrown;
      if (!hasSaid) sayLine(standardError, `${out}: waiting for another process that works in this run`);
      await delay(WAIT_MILLISECONDS, undefined, { signal });
    }
  }
}
