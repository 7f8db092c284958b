import { join } from "@std/path";
import type { z } from "zod";
import { LEDGER_FILE } from "../../data/owned/folder_ledger.ts";
import { type Manifest, MANIFEST_FILE, OUTPUT_FILE, parseManifest } from "../../pipeline/store/manifest.ts";
import { USUAL_CACHE } from "../../pipeline/settings/config.ts";
import type { StageName } from "../../pipeline/runner/stage.ts";

/** What a stage of a finished run gave, checked against its schema. */
export async function outputOf<T>(run: string, stage: StageName, schema: z.ZodType<T>): Promise<T> {
  return schema.parse(JSON.parse(await Deno.readTextFile(join(run, stage, OUTPUT_FILE))));
}

/** What a stage of a finished run says of itself. */
export async function manifestOf(run: string, stage: StageName): Promise<Manifest> {
  const path = join(run, stage, MANIFEST_FILE);
  return parseManifest(await Deno.readTextFile(path), path);
}

/** The files in the shared cache that hold a run's rows, by their paths from where the command ran. */
export async function shardsOf(run: string, stage = "transform"): Promise<string[]> {
  const path = join(run, stage, MANIFEST_FILE);
  const { outputs } = parseManifest(await Deno.readTextFile(path), path);
  return outputs.flatMap(({ file, set }) => set === undefined ? [] : [join(USUAL_CACHE, set, file)]);
}

/** The rows of a run's submission, without its header. */
export async function submissionOf(run: string): Promise<{ header: string; rows: { id: string; label: number }[] }> {
  const text = await Deno.readTextFile(join(run, "predict", "submission.csv"));
  const [header, ...lines] = text.trimEnd().split(/\r?\n/);
  return {
    header,
    rows: lines.map((line) => {
      const [id, label] = line.split(",");
      return { id, label: Number(label) };
    }),
  };
}

/** The stages that a command says it ran, in order. */
export function stagesRun(stderr: string): string[] {
  const last = stderr.trimEnd().split("\n").at(-1) ?? "";
  return / ran (.*) in \S+( \S+)?$/.exec(last)?.[1].split(", ") ?? [];
}

/** Copies a folder with all that is in it; files keep their times, by which a run knows them again. */
export async function copyFolder(from: string, to: string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    const [source, copy] = [join(from, name), join(to, name)];
    await (isDirectory ? copyFolder : Deno.copyFile)(source, copy);
    const { mtime, atime } = await Deno.stat(source);
    if (!isDirectory && mtime !== null) await Deno.utime(copy, atime ?? mtime, mtime);
  }
}

/** Adds the features that commands kept where they ran to those that are kept in another such place. */
export async function addCache(from: string, to: string): Promise<void> {
  const [source, cache] = [join(from, USUAL_CACHE), join(to, USUAL_CACHE)];
  const ledger = join(cache, LEDGER_FILE);
  if (await Deno.lstat(ledger).then(() => false, () => true)) return await copyFolder(source, cache);
  for await (const { name, isDirectory } of Deno.readDir(source)) {
    if (isDirectory) await copyFolder(join(source, name), join(cache, name));
  }
  const [_heading, ...lines] = (await Deno.readTextFile(join(source, LEDGER_FILE))).split("\n");
  await Deno.writeTextFile(ledger, lines.join("\n"), { append: true });
}
