import { join } from "@std/path";
import project from "../../../../deno.json" with { type: "json" };
import { RUNS } from "./default_run.ts";

/** What a shell takes as it is. */
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

const TASKS: ReadonlyMap<string, string> = new Map(
  Object.entries(project.tasks).map(([name, { command }]) => [name, command]),
);

/** How a task is run in a shell. */
export interface TaskLine {
  /** The path of `main.ts`. */
  readonly program: string;
  /** The path of Deno. */
  readonly deno?: string;
  /** Folders that it is to write into, besides `runs/`. */
  readonly folders: readonly string[];
}

/**
 * A command line of this program's as a shell takes it, with the permissions of its task.
 * @param words the command's name first
 */
export function taskLine(words: readonly string[], { program, deno = "deno", folders }: TaskLine): string {
  const task = TASKS.get(words[0]) ?? TASKS.get("pipeline") ?? "";
  const flags = task.replace(/^deno /, "").replace(/ main\.ts .*$/, "").split(" ");
  const elsewhere = folders.filter((folder) => !join(folder).startsWith(`${RUNS}/`));
  // Below the folder that it is run in, which need not be this program's.
  const leave = `--allow-write=${[RUNS, ...elsewhere]}`;
  return [deno, ...flags, leave, program, ...words].map(quoted).join(" ");
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
