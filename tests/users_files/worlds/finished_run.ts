import { join } from "@std/path";
import { runWell } from "../../end_to_end/command_line.ts";
import { copyFolder } from "../../end_to_end/run_files.ts";
import { MANIFEST_FILE, manifestText, parseManifest } from "../../../pipeline/store/manifest.ts";
import { STAGE_NAMES } from "../../../pipeline/runner/stage.ts";
import { writeUsersPhotos } from "./photos.ts";
import type { Step } from "../steps.ts";

type Story = Extract<Step, { does: "finished run" }>["story"];

/** Files of the user's, as a stage's folder in `home/run` sees them. */
const VICTIMS = ["../../notes.txt", "../../../outside/victim.txt", "../../photos/train/cat.0.jpg"];

let made: Promise<string> | undefined;

/** A finished run on the photos of `photos`, made once. */
function finishedRun(): Promise<string> {
  made ??= (async () => {
    const folder = await Deno.makeTempDir();
    globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
    writeUsersPhotos(folder, "train and test");
    await runWell("pipeline --data photos --out run --weights mini --backend onnx", folder);
    return join(folder, "run");
  })();
  return made;
}

/**
 * Puts a copy of the finished run somewhere in a user's home, unless something is there.
 * @returns the paths that the user has made in it.
 */
export async function putFinishedRun(home: string, at: string, story: Story): Promise<string[]> {
  const out = join(home, at);
  const isFree = await Deno.lstat(out).then(() => false, (thrown) => thrown instanceof Deno.errors.NotFound);
  if (!isFree || await Deno.lstat(join(home, "../outside/moved-run")).then(() => true, () => false)) return [];
  await copyFolder(await finishedRun(), out);
  switch (story) {
    case "as it was made":
      return [];
    case "made by another version":
      for (const stage of STAGE_NAMES) await edit(join(out, stage, MANIFEST_FILE), '"schema": 1', '"schema": 99');
      return [];
    case "with settings that are none":
      await edit(join(out, "config.json"), '"seed"', '"grain"');
      return [];
    case "with a stage moved elsewhere and linked":
      await Deno.rename(join(out, "train"), join(home, "../outside/moved"));
      await Deno.symlink(join(home, "../outside/moved"), join(out, "train"));
      return [join(at, "train")];
    case "with a link to an album for a stage":
      await Deno.remove(join(out, "report"), { recursive: true });
      await Deno.symlink(join(home, "../outside/album"), join(out, "report"));
      return [join(at, "report")];
    case "seen through a link":
      await Deno.rename(out, join(home, "../outside/moved-run"));
      await Deno.symlink(join(home, "../outside/moved-run"), out);
      return [at];
    case "with a manifest that names files of the user's":
      for (const stage of ["scan", "split"]) await nameVictims(join(out, stage, MANIFEST_FILE));
      return [];
    case "without its manifests":
      for (const stage of STAGE_NAMES) await Deno.remove(join(out, stage, MANIFEST_FILE));
      return [];
  }
}

async function edit(path: string, from: string, to: string): Promise<void> {
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace(from, to));
}

async function nameVictims(path: string): Promise<void> {
  const manifest = parseManifest(await Deno.readTextFile(path), path);
  const named = VICTIMS.map((file) => ({ file, bytes: 1, modified: 1, sha256: "0".repeat(64) }));
  await Deno.writeTextFile(path, manifestText({ ...manifest, outputs: [...manifest.outputs, ...named] }));
}
