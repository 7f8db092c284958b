import { dirname, fromFileUrl, join, relative } from "@std/path";
import project from "../../../../deno.json" with { type: "json" };
import { UserError } from "../../../files/user_error.ts";
import { RUNS } from "../places/default_run.ts";

/** What stands before the program in a task that writes into a run, e.g. `deno run -P=run `. */
function denoOf(task: string): string {
  const { pipeline, studio } = project.tasks;
  return (task === "studio" ? studio : pipeline).command.replace(/main\.ts .*$/, "");
}

/** What a shell takes as it is. */
const PLAIN_WORD = /^[\w@%+=:,./-]+$/;

/**
 * Checks that the process was given leave to write into a folder, so that nothing is begun without.
 * @throws UserError with the command that gives it.
 */
export async function assertMayWrite(folder: string): Promise<void> {
  const { state } = await Deno.permissions.query({ name: "write", path: folder });
  if (state === "granted") return;
  const program = relative(Deno.cwd(), fromFileUrl(Deno.mainModule));
  throw new UserError(
    `Cannot write into ${folder}: expected a folder below ${
      join(dirname(program), RUNS)
    }/, where a task may write, got ` +
      `another. Name one there, or ${howToAllow(folder, program, Deno.args)}`,
  );
}

/**
 * The same command line again, with leave to write into a folder as well.
 * @param program the path of `main.ts`
 */
export function howToAllow(folder: string, program: string, words: readonly string[]): string {
  // Deno takes a comma for the end of a path, and knows no other way to write one.
  if (folder.includes(",")) return "one without a comma in its name";
  const places = join(folder).startsWith(`${RUNS}/`) ? [RUNS] : [RUNS, folder];
  return `allow this one: ${denoOf(words[0])}${[`--allow-write=${places}`, program, ...words].map(quoted).join(" ")}`;
}

function quoted(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
