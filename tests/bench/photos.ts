import { join } from "@std/path";
import { drawSample } from "../../data/sample/sample_pets.ts";
import { photosWith } from "../../data/sample/truth.ts";
import { UserError } from "../../pipeline/files/user_error.ts";
import { withPixels } from "../../data/picture/decode.ts";
import { wholeBox } from "../../data/picture/pixels.ts";
import type { BenchPhotos } from "./context.ts";

/** A class and a number, as Kaggle names photos. */
const NAME = /^(cat|dog)\.(\d+)\.jpe?g$/i;
/** Photos with fewer pixels are left out by the pipeline and by the write-up's program; so they are here. */
const FEWEST_PIXELS = 3600;

/**
 * Labelled photos from a folder, or drawn ones: each class by its numbers, without what cannot be decoded.
 * @param wanted how many of each class are needed
 * @throws UserError when the folder has fewer.
 */
export async function benchPhotos(data: string | undefined, wanted: number, folder: string): Promise<BenchPhotos> {
  if (wanted === 0) return { origin: "none were needed", cats: [], dogs: [] };
  if (data === undefined) return await drawnPhotos(wanted, folder);
  const found = { cat: new Map<number, string>(), dog: new Map<number, string>() };
  for await (const { name, isDirectory } of Deno.readDir(data)) {
    const [, label, number] = NAME.exec(name) ?? [];
    if (!isDirectory && label) {
      found[label.toLowerCase() === "cat" ? "cat" : "dog"].set(Number(number), join(data, name));
    }
  }
  const [cats, dogs] = [await usable(found.cat, wanted), await usable(found.dog, wanted)];
  if (Math.min(cats.length, dogs.length) < wanted) {
    throw new UserError(
      `Cannot bench on ${data}: expected ${wanted} photos of each class, got ${cats.length} cats and ${dogs.length} dogs`,
    );
  }
  return { origin: data, cats, dogs };
}

async function usable(byNumber: ReadonlyMap<number, string>, wanted: number): Promise<string[]> {
  const paths: string[] = [];
  for (const [, path] of [...byNumber].sort(([a], [b]) => a - b)) {
    if (paths.length === wanted) break;
    const size = await withPixels(await Deno.readFile(path), wholeBox).catch(() => ({ width: 0, height: 0 }));
    if (size.width * size.height >= FEWEST_PIXELS) paths.push(path);
  }
  return paths;
}

/** What is spoilt on purpose in a drawn sample, at most: for each photo that is wanted some more are drawn. */
const SPOILT = 20;

async function drawnPhotos(wanted: number, folder: string): Promise<BenchPhotos> {
  const sample = join(folder, "drawn");
  const truth = await drawSample(sample, { seed: 0, train: 2 * (wanted + SPOILT), test: 12 });
  const flawed = new Set(
    (["tiny", "truncated", "not_a_picture"] as const).flatMap((flaw) => photosWith(truth, flaw)).map(({ file }) =>
      file
    ),
  );
  const of = (label: string) =>
    truth.photos.map(({ file }) => file)
      .filter((file) => file.startsWith(`train/${label}.`) && !flawed.has(file))
      .map((file) => join(sample, file)).slice(0, wanted);
  return { origin: "drawn by this project", cats: of("cat"), dogs: of("dog") };
}
