import project from "../../deno.json" with { type: "json" };
import { entryOf } from "../../data/base/entry_of.ts";

const TASKS: ReadonlyMap<string, string> = new Map(
  Object.entries(project.tasks).map(([name, { command }]) => [name, command]),
);

/** What stands between Deno and the program in a task. */
const PROGRAM = /^deno (run .*)\bmain\.ts\b/;

/** Words that no task is about, such as `--help` or a slip of the pen, are run as this one is. */
const MAIN_TASK = "pipeline";

/** The permissions of tasks that write into a run. */
const WRITES_RUNS = ["-P=run", "-P=studio", "-P=slurm"];

/**
 * What Deno is given before the program where a task runs it: how it is run, and with which permissions.
 * @param name a command's name
 * @param places folders in which the command may write in place of the repository's `runs/`, if it may write there
 */
export function taskFlags(name = MAIN_TASK, places: readonly string[] = []): string[] {
  const words = PROGRAM.exec(entryOf(TASKS, TASKS.has(name) ? name : MAIN_TASK, "a task"))?.[1];
  if (words === undefined) throw new RangeError(`Cannot run the program as ${name}: expected "deno run ... main.ts"`);
  const flags = words.trim().split(" ");
  return places.length > 0 && flags.some((flag) => WRITES_RUNS.includes(flag))
    ? [...flags, `--allow-write=${places.join(",")}`]
    : flags;
}
