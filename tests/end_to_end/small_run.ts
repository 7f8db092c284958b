import { join } from "@std/path";
import { drawSample } from "../../data/sample/sample_pets.ts";
import { runWell } from "./command_line.ts";
import { madeOnce } from "./made_once.ts";
import { addCache, copyFolder } from "./run_files.ts";

/** Photos of a small run: over 64 in all, so that `transform` writes more than one shard. */
const SIZE = { train: 80, test: 12 };

/** Puts a small drawn sample into `folder/photos`. */
export async function drawSmall(folder: string): Promise<void> {
  const photos = await madeOnce("photos", async (made) => void await drawSample(made, { seed: 5, ...SIZE }));
  await copyFolder(photos, join(folder, "photos"));
}

/** The words of a command over the small sample; they give the run's folder when they are run in the sample's. */
export function overSmall(command: string, out = "run"): string {
  return `${command} --data photos --out ${out} --weights mini --backend onnx`;
}

/**
 * Puts a small drawn sample into `folder/photos`, unless it is there, and a run of the whole pipeline over it, by the
 * recipe in the precision, into `folder/out`; the photos' features come into `folder`'s cache.
 */
export async function runSmall(
  folder: string,
  { out = "run", recipe = "linear-probe", precision = "f32" } = {},
): Promise<void> {
  const made = await madeOnce(`run-${recipe}-${precision}`, async (made) => {
    await drawSmall(made);
    const words = recipe === "linear-probe" ? "" : ` --recipe ${recipe}`;
    await runWell(overSmall("pipeline") + words + (precision === "f32" ? "" : ` --precision ${precision}`), made);
  });
  await copyFolder(join(made, "photos"), join(folder, "photos"));
  await copyFolder(join(made, "run"), join(folder, out));
  await addCache(made, folder);
}
