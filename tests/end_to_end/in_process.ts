import { runCommandLine } from "../../pipeline/commands/command_line.ts";
import { runHere } from "../users_files/commands/run_command.ts";

/**
 * Runs the program's whole command line in a folder as part of this process, for tables of commands: a process each
 * takes several times as long.
 * @returns the exit status, and what went to standard error
 */
export async function runInProcess(words: string, folder: string): Promise<{ code: number; stderr: string }> {
  let code = -1;
  const { text } = await runHere(folder, async (signal) => {
    code = await runCommandLine(words.split(" "), { signal, status: () => undefined });
  });
  return { code, stderr: text };
}
