import { z } from "zod";
import { readTextIfThere } from "../files/text_file.ts";
import type { StageFolder } from "../store/run_folder.ts";

/** What was handed to Slurm. */
export const SubmittedJobs = z.object({
  /** How many parts. */
  of: z.number().int().positive(),
  /** The number of the array job. */
  parts: z.string(),
  /** That of the job that waits for it. */
  rest: z.string(),
});
export type SubmittedJobs = z.infer<typeof SubmittedJobs>;

/** Where a run's folder of parts keeps that. */
const JOBS_FILE = "slurm.json";

export async function writeJobs(folder: StageFolder, jobs: SubmittedJobs): Promise<void> {
  await folder.write(JOBS_FILE, JSON.stringify(jobs) + "\n");
}

/** What was handed to Slurm last; `undefined` where nothing was, or it is not told as this version tells it. */
export async function readJobs(folder: StageFolder): Promise<SubmittedJobs | undefined> {
  const text = await readTextIfThere(folder.path(JOBS_FILE));
  try {
    return SubmittedJobs.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}
