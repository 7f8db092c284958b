import { fromFileUrl, join } from "@std/path";
import { UserError } from "../files/user_error.ts";
import { partName, PARTS_FOLDER } from "../parts/part_file.ts";
import { partStates } from "../parts/part_states.ts";
import { writeJobs } from "../parts/submitted_jobs.ts";
import type { Runner } from "../runner/runner.ts";
import { StageFolder } from "../store/run_folder.ts";
import { printLines } from "../terminal/print.ts";
import { countFrom } from "./options/count_from.ts";
import { MOST_PARTS } from "./options/most_parts.ts";
import type { Arguments } from "./options/options.ts";
import { assertSlurm, partScript, restScript, SLURM_OPTIONS, submit } from "./parts/slurm_jobs.ts";
import { defaultRun } from "./runs/places/default_run.ts";
import { quoted, taskLine } from "./runs/places/task_line.ts";
import { withRun } from "./runs/with_run.ts";

const REST = "rest";

/**
 * `deno task slurm`: hands a run to Slurm, the features in parts as an array job, and what follows behind it. Begins the
 * run as `pipeline` does, so that what is wrong with its options or photos is said here, and computes nothing.
 */
export async function slurmCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const parts = countFrom(given, "parts", 1, MOST_PARTS);
  if (parts === undefined) {
    throw new UserError("Cannot submit: expected the number of parts, got none. Add one, like --parts 16");
  }
  const out = given.values.get("out") ?? await defaultRun(given);
  const options = { mayStart: true, computesElsewhere: true, check: assertSlurm };
  await withRun(given, out, options, signal, (runner) => submitRun(runner, parts, given));
}

async function submitRun({ config, context }: Runner, parts: number, given: Arguments): Promise<void> {
  const { out, cacheFolder } = config;
  const folder = new StageFolder(context.runFolder.run, PARTS_FOLDER);
  await forgetEarlier(folder);
  const logs = Array.from({ length: parts }, (_, k) => `${partName({ number: k + 1, of: parts })}.log`);
  await context.runFolder.run.announce([...logs, `${REST}.log`].map((log) => `${PARTS_FOLDER}/${log}`));

  const how = { program: fromFileUrl(Deno.mainModule), deno: Deno.execPath(), folders: [out, cacheFolder] };
  const line = (...words: string[]) => taskLine([...words, "--out", out], how);
  const passed = SLURM_OPTIONS.flatMap((name) => {
    const value = given.values.get(name);
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  const common = ["--requeue", "--open-mode=append", `--chdir=${Deno.cwd()}`, ...passed];
  // Slurm puts numbers in for what a % begins.
  const log = (name: string) => `--output=${join(folder.root.replaceAll("%", "%%"), `${name}.log`)}`;
  const array = [
    `--array=1-${parts}`,
    "--job-name=features",
    log(partName({ number: "%a", of: parts })),
  ];
  const job = await submit(partScript(line("stage", "transform"), parts), [...common, ...array]);
  const behind = ["--job-name=pipeline", log(REST), `--dependency=afterok:${job}`, "--kill-on-invalid-dep=yes"];
  const rest = await submit(restScript(line("pipeline")), [...common, ...behind]).catch((thrown) => {
    if (!(thrown instanceof UserError)) throw thrown;
    throw new UserError(`${thrown.message}. Its parts were submitted: scancel ${job} takes them back`);
  });
  await writeJobs(folder, { of: parts, parts: job, rest });
  await printLines(
    [
      `job ${job}  ${parts} parts of the features, each with a log in ${join(out, PARTS_FOLDER)}`,
      `job ${rest}  the rest of the pipeline, once all parts are done`,
      "to follow them:",
      `  deno task status --out ${quoted(out)}`,
      `  squeue --jobs ${job},${rest}`,
      `to end them: scancel ${job} ${rest}`,
    ].join("\n"),
  );
}

/**
 * Removes what earlier parts have left.
 * @throws UserError when one is at work.
 */
async function forgetEarlier(folder: StageFolder): Promise<void> {
  const busy = (await partStates(folder)).find(({ state }) => state === "running");
  if (busy) {
    const { part, host } = busy;
    throw new UserError(
      `Cannot submit: expected no part of this run at work, got ${part.number}/${part.of}` +
        `${host ? ` on ${host}` : ""}. Wait for it, or end its job by scancel`,
    );
  }
  for (const file of await folder.list()) await folder.remove(file);
}
