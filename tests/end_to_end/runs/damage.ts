import { join, relative } from "@std/path";
import { z } from "zod";
import { randomFrom } from "../../../data/random.ts";
import { exportCommand } from "../../../pipeline/commands/export.ts";
import { pipelineCommand } from "../../../pipeline/commands/pipeline.ts";
import { predictCommand } from "../../../pipeline/commands/predict.ts";
import { statusCommand } from "../../../pipeline/commands/status.ts";
import { readSettings } from "../../../pipeline/settings/config.ts";
import { explain } from "../../../pipeline/commands/endings/explain.ts";
import { type Arguments, COMMANDS } from "../../../pipeline/commands/options/options.ts";
import { readArguments } from "../../../pipeline/commands/options/read_arguments.ts";
import { filesBelow } from "../command_line.ts";

/** What every file of a run is tried with. Those that keep the size keep the time as well. */
export const EDITS = [
  "gone",
  "empty",
  "half",
  "longer",
  "one bit",
  "zeros",
  "another file's content",
  "a folder",
  "a link to /dev/null",
  "a link to nothing",
] as const;
export type Edit = (typeof EDITS)[number];

/** One file of a run, damaged in one way, and what was wrong with the answers of the commands; nothing, if all is well. */
export const Answer = z.object({ file: z.string(), edit: z.enum(EDITS), said: z.array(z.string()), wrong: z.string() });
export type Answer = z.infer<typeof Answer>;

/** Copies a folder, its files with their times, over another of the same name. */
async function restore(from: string, to: string): Promise<void> {
  await Deno.remove(to, { recursive: true }).catch(() => {});
  await Deno.mkdir(to, { recursive: true });
  for (const path of await filesBelow(from)) {
    const copy = join(to, relative(from, path));
    await Deno.mkdir(join(copy, ".."), { recursive: true });
    await Deno.copyFile(path, copy);
    await keepTime(copy, await Deno.stat(path));
  }
}

async function keepTime(path: string, { mtime }: Deno.FileInfo): Promise<void> {
  if (mtime) await Deno.utime(path, mtime, mtime);
}

/** Damages a file in one way. */
export async function damage(path: string, edit: Edit, other: string, at: number): Promise<void> {
  const before = await Deno.stat(path);
  const bytes = await Deno.readFile(path);
  const place = Math.floor(at * bytes.length);
  if (edit === "one bit") bytes[place] ^= 1 << (place % 8);
  if (edit === "zeros") bytes.fill(0, place, place + 64);
  if (edit === "one bit" || edit === "zeros") {
    await Deno.writeFile(path, bytes);
    return await keepTime(path, before);
  }
  if (edit === "empty") return await Deno.writeFile(path, new Uint8Array());
  if (edit === "half") return await Deno.writeFile(path, bytes.subarray(0, bytes.length / 2));
  if (edit === "longer") return await Deno.writeFile(path, bytes, { append: true });
  if (edit === "another file's content") return await Deno.copyFile(other, path);
  await Deno.remove(path);
  if (edit === "a folder") await Deno.mkdir(path);
  if (edit === "a link to /dev/null") await Deno.symlink("/dev/null", path);
  if (edit === "a link to nothing") await Deno.symlink(`${path}.nowhere`, path);
}

/** What a command printed, and its error as the command line tells it. */
async function commandIn(
  command: (given: Arguments, signal: AbortSignal) => Promise<void>,
  given: Arguments,
): Promise<{ printed: string; error?: string }> {
  const printed: string[] = [];
  const { stdout } = Deno;
  const { write } = stdout;
  stdout.write = (bytes) => {
    printed.push(new TextDecoder().decode(bytes));
    return Promise.resolve(bytes.length);
  };
  try {
    await command(given, new AbortController().signal);
    return { printed: printed.join("") };
  } catch (thrown) {
    return { printed: printed.join(""), error: explain(thrown) };
  } finally {
    stdout.write = write;
  }
}

/**
 * Damages files of the finished run over the small sample in this folder one by one, and gives what the commands make of
 * each.
 */
async function* damagedRuns(seed: number, cases: number): AsyncGenerator<Answer> {
  const run = "run";
  const whole = "whole";
  await restore(run, whole);
  const words = {
    status: ["--out", run],
    predict: ["photos/test/1.jpg", "--run", run, "--json"],
    export: ["--run", run, "--to", "exported"],
    pipeline: ["--data", "photos", "--out", run],
  };
  const commands = { status: statusCommand, predict: predictCommand, export: exportCommand, pipeline: pipelineCommand };
  const names = ["status", "predict", "export", "pipeline"] as const;
  const answerOf = (name: (typeof names)[number]) =>
    commandIn(commands[name], readArguments(COMMANDS[name], words[name]));
  const submission = join(run, "predict/submission.csv");
  const rightSubmission = await Deno.readTextFile(submission);
  const { printed: rightPrediction, error } = await answerOf("predict");
  if (error !== undefined) throw new Error(`Cannot try damages: expected a run that answers, got ${error}`);
  const rightSettings = JSON.stringify(await readSettings(run));

  const random = randomFrom(seed, "damage");
  const files = (await filesBelow(whole)).map((path) => relative(whole, path)).filter((file) => file !== "lock");
  const all = files.flatMap((file) => EDITS.map((edit) => ({ file, edit, order: random() })));
  for (const { file, edit } of all.toSorted((a, b) => a.order - b.order).slice(0, cases)) {
    await restore(whole, run);
    const other = join(whole, files[Math.floor(random() * files.length)]);
    await damage(join(run, file), edit, other, random());
    // Other settings that are settings give another result by right.
    const settings = await readSettings(run).then(JSON.stringify, () => undefined);
    const otherSettings = settings !== undefined && settings !== rightSettings;
    const wrong: string[] = [];
    const said: string[] = [];
    for (const name of names) {
      const { printed, error } = await answerOf(name);
      if (error !== undefined) said.push(`${name}: ${error}`);
      if (error?.includes("\n")) wrong.push(`${name} gives a stack: ${error}`);
      if (name === "predict" && error === undefined && printed !== rightPrediction && !otherSettings) {
        wrong.push(`predict says ${printed}`);
      }
      if (name !== "pipeline" || otherSettings) continue;
      const text = await Deno.readTextFile(submission).catch(() => undefined);
      const isRight = text === rightSubmission;
      if (!isRight && (error === undefined || text !== undefined)) wrong.push("another submission");
    }
    yield { file, edit, said, wrong: wrong.join("; ") };
  }
}

if (import.meta.main) {
  const [seed, cases] = Deno.args;
  for await (const answer of damagedRuns(Number(seed), Number(cases))) console.log(JSON.stringify(answer));
}
