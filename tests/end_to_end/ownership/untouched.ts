import { join } from "@std/path";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { runInProcess } from "../in_process.ts";

/** Runs a command that must be refused in one line, and gives that line. */
export async function refusal(words: string, folder: string): Promise<string> {
  const { code, stderr } = await runInProcess(words, folder);
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  assertEquals(code, 1, stderr);
  assertMatch(last, /^error: Cannot /);
  assert(!/\n\s+at /.test(stderr), stderr);
  return last.slice("error: ".length);
}

/** What every path below a folder is: a file's bytes, a link's target. */
export async function everything(folder: string, below = ""): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(join(folder, below))) {
    const path = join(below, name);
    if (isSymlink) found.set(path, `-> ${await Deno.readLink(join(folder, path))}`);
    else if (!isDirectory) found.set(path, new TextDecoder("latin1").decode(await Deno.readFile(join(folder, path))));
    else {
      found.set(path, "a folder");
      for (const [inner, content] of await everything(folder, path)) found.set(inner, content);
    }
  }
  return found;
}

/** Runs commands that must be refused, and finds all in the folder as it was. */
export async function refusesAll(folder: string, commands: Record<string, RegExp>): Promise<void> {
  const before = await everything(folder);
  for (const [words, expected] of Object.entries(commands)) {
    assertMatch(await refusal(words, folder), expected);
    assertEquals(await everything(folder), before, words);
  }
}

/** Writes a file of somebody's, and makes the folders above it. */
export async function write(path: string, text = path): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeTextFile(path, text);
}
