import { join } from "@std/path";
import type { z } from "zod";
import { type Manifest, MANIFEST_FILE, OUTPUT_FILE, parseManifest } from "../../pipeline/store/manifest.ts";
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
