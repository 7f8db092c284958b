import { dirname, fromFileUrl, join, relative } from "@std/path";
import { UserError } from "../../../files/user_error.ts";
import { RUNS } from "../places/default_run.ts";
import { taskLine } from "../places/task_line.ts";

/**
 * Checks that the process was given leave to write into folders, so that nothing is begun without.
 * @throws UserError with the command that gives it for all of them.
 */
export async function assertMayWrite(...folders: readonly string[]): Promise<void> {
  const refused: string[] = [];
  for (const path of folders) {
    const { state } = await Deno.permissions.query({ name: "write", path });
    if (state !== "granted") refused.push(path);
  }
  const [folder] = refused;
  if (folder === undefined) return;
  const program = relative(Deno.cwd(), fromFileUrl(Deno.mainModule));
  throw new UserError(
    `Cannot write into ${folder}: expected a folder below ${
      join(dirname(program), RUNS)
    }/, where a task may write, got ` +
      `another. Name one there, or ${howToAllow(refused, program, Deno.args)}`,
  );
}

/**
 * The same command line again, with leave to write into some folders as well.
 * @param program the path of `main.ts`
 */
export function howToAllow(folders: readonly string[], program: string, words: readonly string[]): string {
  // Deno takes a comma for the end of a path, and knows no other way to write one.
  if (folders.some((folder) => folder.includes(","))) return "one without a comma in its name";
  return `allow this one: ${taskLine(words, { program, folders })}`;
}
