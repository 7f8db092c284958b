import { dirname, fromFileUrl, join } from "@std/path";
import { assertEquals } from "@std/assert";
import sharp from "sharp";
import { randomFrom } from "../../data/random.ts";
import { taskFlags } from "./task_flags.ts";

const MAIN = fromFileUrl(new URL("../../main.ts", import.meta.url));

/** What a command left behind when it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * A command line that has not been started yet, in a folder of its own choice; it may do what its task may, in this
 * folder in place of the repository's `runs/`.
 * @param preloaded a module that is run before the program, in the same process
 */
export function command(
  words: readonly string[],
  folder: string,
  env: Record<string, string> = {},
  preloaded?: URL,
): Deno.Command {
  const before = preloaded ? ["--preload", preloaded.href] : [];
  return new Deno.Command(Deno.execPath(), {
    args: [...taskFlags(words[0], [folder]), ...before, MAIN, ...words],
    cwd: folder,
    stdout: "piped",
    stderr: "piped",
    env: { NO_COLOR: "1", ...env },
  });
}

/** Runs the program as a user does, in a folder, to its end. */
export async function run(
  words: readonly string[],
  folder: string,
  env: Record<string, string> = {},
  preloaded?: URL,
): Promise<Ended> {
  const { code, stdout, stderr } = await command(words, folder, env, preloaded).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** Runs the program in a folder; it must end well. */
export async function runWell(words: string, folder: string): Promise<Ended> {
  const ended = await run(words.split(" "), folder);
  assertEquals(ended.code, 0, `${words}: ${ended.stderr}`);
  return ended;
}

/** Writes small JPEGs of coarse noise, no two alike, into a folder that is made. */
export async function writePhotos(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const random = randomFrom(0, name);
    const noise = Uint8Array.from({ length: 8 * 8 * 3 }, () => 200 * random());
    await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
    const photo = sharp(noise, { raw: { width: 8, height: 8, channels: 3 } }).resize(80, 80, { kernel: "nearest" });
    await Deno.writeFile(join(folder, name), await photo.jpeg().toBuffer());
  }
}

/** Names of labelled photos, as many of each class. */
export function photoNames(each: number): string[] {
  return Array.from({ length: each }, (_, k) => [`cat.${k}.jpg`, `dog.${k}.jpg`]).flat();
}

/** Paths of all files below a folder. */
export async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    paths.push(...isDirectory ? await filesBelow(join(folder, name)) : [join(folder, name)]);
  }
  return paths.sort();
}
