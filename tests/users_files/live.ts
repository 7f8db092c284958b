import { basename, dirname, join, relative } from "@std/path";
import { drawSample } from "../../data/sample/sample_pets.ts";
import { SMALLEST_SAMPLE } from "../../data/sample/plan.ts";
import { UNFINISHED } from "../../data/owned/replace_file.ts";
import { putFinishedRun } from "./worlds/finished_run.ts";
import { type End, runCommand, runHere } from "./commands/run_command.ts";
import { losses, type Snapshot, snapshotOf, strays } from "./snapshot.ts";
import { visitStudio } from "./studio_visit.ts";
import { type Layout, type Step, told } from "./steps.ts";
import { put, type Stranger } from "./worlds/strangers.ts";
import { fetchSmallWeights } from "./worlds/small_weights.ts";
import { makeWorld } from "./worlds/world.ts";

/** A command that was run in a world, and how it ended. */
export interface Happened extends End {
  readonly step: Step;
}

/** What came of a layout. */
export interface Lived {
  readonly happened: readonly Happened[];
  /** What of the user's was no longer as it was, and what had come where nothing may, after the last step. */
  readonly lost: readonly string[];
}

/** Makes a layout's world and lets happen what happens in it, until something of the user's is lost. */
export async function live(layout: Layout): Promise<Lived> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  const home = join(root, "home");
  const happened: Happened[] = [];
  try {
    makeWorld(root, layout);
    const users = new Map(snapshotOf(root));
    for (const step of layout.steps) {
      const { end, made = [] } = await take(step, home);
      const now = snapshotOf(root);
      for (const [path, what] of ofTheUser(made, now, root)) users.set(path, what);
      if (end) happened.push({ step, ...end });
      const lost = [...losses(users, now), ...strays(users, now)];
      if (lost.length > 0) return { happened, lost };
    }
    return { happened, lost: [] };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Of a snapshot of the world, the paths that the user has made from the home's folder on, through links too. */
function ofTheUser(made: readonly string[], now: Snapshot, root: string): [string, string][] {
  return made.map((path) => realPath(root, join("home", path))).flatMap((path) => {
    const what = path === undefined ? undefined : now.get(path);
    return path === undefined || what === undefined ? [] : [[path, what]];
  });
}

/** Where a path below a root really lies, the last part of it not followed; `undefined` where its folder is none. */
function realPath(root: string, path: string): string | undefined {
  try {
    return relative(root, join(Deno.realPathSync(dirname(join(root, path))), basename(path)));
  } catch {
    return undefined;
  }
}

async function take(step: Step, home: string): Promise<{ end?: End; made?: string[] }> {
  switch (step.does) {
    case "command": {
      const words = step.words.map((word) => word.replace(/^HOME/, home));
      return { end: await runCommand(words, home, step.manner) };
    }
    case "put":
      return { made: put(home, step.stranger).filter((path) => !isReserved(home, path)) };
    case "put instead":
      return { made: await putInstead(home, step.stranger) };
    case "finished run":
      return { made: await putFinishedRun(home, step.at, step.story) };
    case "review":
      return { made: await review(home, join(step.run, "review.json")) };
    case "studio":
      return await visitStudio(home, step.run);
    case "small sample":
      return { end: await drawSmallSample(step, home) };
    case "weights":
      return { end: await fetchSmallWeights(home, step.from) };
  }
}

/**
 * Whether a name is one that the program gives to a file of its own while it writes it: there it may replace what
 * stands, be it a link, but never what a link leads to.
 */
function isReserved(home: string, path: string): boolean {
  if (!path.endsWith(UNFINISHED)) return false;
  const finished = join(home, path.slice(0, -UNFINISHED.length));
  return snapshotOf(dirname(finished)).has(basename(finished));
}

/** Replaces a drawn photo, where there is one. */
async function putInstead(home: string, stranger: Stranger): Promise<string[]> {
  const place = join(home, stranger.at, stranger.name);
  try {
    const sample = dirname(await Deno.realPath(join(home, stranger.at)));
    if (!(await Deno.lstat(join(sample, "sample.json"))).isFile || !(await Deno.lstat(place)).isFile) return [];
  } catch {
    return [];
  }
  await Deno.remove(place);
  return put(home, stranger);
}

/** Edits a review, where there is one. */
async function review(home: string, path: string): Promise<string[]> {
  const isThere = await Deno.lstat(join(home, path)).then(({ isFile }) => isFile, () => false);
  if (!isThere) return [];
  await Deno.writeTextFile(join(home, path), '{ "keep": [], "drop": ["cat.3.jpg"] }\n');
  return [path];
}

function drawSmallSample(
  { at, seed, stopAfter }: Extract<Step, { does: "small sample" }>,
  home: string,
): Promise<End> {
  const stop = new AbortController();
  const onProgress = (done: number) => {
    if (done === stopAfter) stop.abort(new Error("Cannot go on: stopped"));
  };
  return runHere(home, () => drawSample(at, { seed, ...SMALLEST_SAMPLE, abortSignal: stop.signal, onProgress }));
}

/** A layout's story, a step a line. */
export function story({ photos, strangers, steps }: Layout): string {
  const there = strangers.map((stranger) => `  ${told({ does: "put", stranger })}`);
  return [`photos: ${photos}`, ...there, ...steps.map((step) => `  ${told(step)}`)].join("\n");
}
