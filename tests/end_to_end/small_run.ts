import { join } from "@std/path";
import { drawSample } from "../../data/sample/sample_pets.ts";
import { runWell } from "./command_line.ts";

/** Photos of a small run: over 64 in all, so that `transform` writes more than one shard. */
const SIZE = { train: 80, test: 12 };

/** Draws a small sample into `folder/photos`. */
export async function drawSmall(folder: string, seed = 5): Promise<void> {
  await drawSample(join(folder, "photos"), { seed, ...SIZE });
}

/** The words of a command over the small sample; they give the run's folder when they are run in the sample's. */
export function overSmall(command: string, out = "run"): string {
  return `${command} --data photos --out ${out} --weights mini --backend onnx`;
}

/** Draws a small sample and runs the whole pipeline over it, into `folder/run`. */
export async function runSmall(folder: string): Promise<void> {
  await drawSmall(folder);
  await runWell(overSmall("pipeline"), folder);
}
