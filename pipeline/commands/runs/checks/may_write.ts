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
  const places = [RUNS, ...folders.filter((folder) => !join(folder).startsWith(`${RUNS}/`))];
  return `allow this one: ${denoOf(words[0])}${[`--allow-write=${places}`, program, ...words].map(quoted).join(" ")}`;
}

function quoted(word: string): string {
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
