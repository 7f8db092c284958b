import { UserError } from "../../files/user_error.ts";
import { visible } from "../../terminal/visible.ts";

/** Options that go to `sbatch` as they are. */
export const SLURM_OPTIONS = ["partition", "time", "mem", "cpus-per-task", "gres"] as const;

/** A part that fails is begun again so often. */
const RETRIES = 2;

/** What a shell gives for a program that Ctrl-C or SIGTERM has ended: somebody wanted that. */
const STOPPED = [130, 143];

/**
 * The script of the array job: each task does the part of its number. One that fails is put back into the queue, where it
 * goes on from what it has kept; only then is it failed for good, and nothing that waits for it begins.
 * @param line of a shell, to which the part is added
 */
export function partScript(line: string, parts: number): string {
  return `#!/bin/sh
${line} --part "$SLURM_ARRAY_TASK_ID/${parts}"
status=$?
case $status in 0 | ${STOPPED.join(" | ")}) exit $status ;; esac
if [ "\${SLURM_RESTART_COUNT:-0}" -lt ${RETRIES} ]; then
  # Slurm ends this script then; one that ended by itself meanwhile would count as failed.
  scontrol requeue "\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && sleep 60
fi
exit $status
`;
}

/** The script of the job that comes after all parts. */
export function restScript(line: string): string {
  return `#!/bin/sh\n${line}\n`;
}

/**
 * Checks that jobs can be handed to Slurm from here.
 * @throws UserError when there is no Slurm, or it is not set up.
 */
export async function assertSlurm(): Promise<void> {
  const { success, stderr } = await sbatch("", ["--version"]);
  if (success) return;
  throw new UserError(`Cannot submit: expected Slurm to be set up here, got ${lastLine(stderr)}`);
}

/**
 * Hands a script to Slurm.
 * @returns the job's number
 * @throws UserError when it does not take the job.
 */
export async function submit(script: string, options: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await sbatch(script, ["--parsable", ...options]);
  // `JOB` or `JOB;CLUSTER`.
  const [job] = stdout.trim().split(";");
  if (success && /^\d+$/.test(job)) return job;
  throw new UserError(`Cannot submit: expected sbatch to take the job, got ${lastLine(stderr || stdout) || "nothing"}`);
}

function lastLine(text: string): string {
  return visible(text.trim().split("\n").at(-1) ?? "");
}

async function sbatch(script: string, args: readonly string[]) {
  try {
    await using process = new Deno.Command("sbatch", {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = process.stdin.getWriter();
    // One that refuses its options does not read the script.
    await writer.write(new TextEncoder().encode(script)).then(() => writer.close()).catch(() => {});
    const { success, stdout, stderr } = await process.output();
    return { success, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
  } catch (thrown) {
    const { NotCapable, NotFound } = Deno.errors;
    if (!(thrown instanceof NotFound || thrown instanceof NotCapable)) throw thrown;
    throw new UserError(
      "Cannot submit: expected Slurm's sbatch here, got none. docs/slurm.md says how machines share the work without it",
    );
  }
}
