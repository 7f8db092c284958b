import { dirname, join } from "@std/path";
import pMap from "p-map";
import sharp from "sharp";
import { randomFrom } from "../../../../data/random.ts";
import type { Label } from "../../../../data/labels.ts";
import { sha256 } from "../../../../pipeline/files/hashing.ts";
import type { Photo } from "../../../../pipeline/photos/photo.ts";

/** How many photos there are to learn from, and how many to predict. */
export interface MadeUpSize {
  readonly train: number;
  readonly test: number;
}

/** Photos as `scan` would find them. */
export interface MadeUpPhotos {
  readonly train: readonly Photo[];
  readonly test: readonly Photo[];
}

const SHAPE = { width: 250, height: 200 };
const PICTURES = 24;

/** Files that are written at a time. */
const AT_ONCE = 32;

/**
 * Writes photos below a folder, as many cats as dogs: a few pictures, each file with a number behind its picture, so that
 * no two files are the same.
 */
export async function writeMadeUpPhotos(folder: string, { train, test }: MadeUpSize): Promise<MadeUpPhotos> {
  const pictures = await Promise.all(Array.from({ length: PICTURES }, (_, k) => picture(k)));
  const write = async (path: string, label: Label | null, number: number): Promise<Photo> => {
    const suffix = new TextEncoder().encode(`photo ${path}`);
    const bytes = new Uint8Array([...pictures[number % PICTURES], ...suffix]);
    await Deno.writeFile(join(folder, path), bytes);
    return { id: path.slice(dirname(path).length + 1), label, bytes: bytes.length, sha256: sha256(bytes), ...SHAPE };
  };
  for (const set of ["train", "test"]) await Deno.mkdir(join(folder, set), { recursive: true });
  const numbers = (length: number) => Array.from({ length }, (_, number) => number);
  return {
    train: await pMap(numbers(train), (k) => {
      const label = k % 2 === 0 ? "cat" : "dog";
      return write(`train/${label}.${Math.floor(k / 2)}.jpg`, label, k);
    }, { concurrency: AT_ONCE }),
    test: await pMap(numbers(test), (k) => write(`test/${k + 1}.jpg`, null, k), { concurrency: AT_ONCE }),
  };
}

async function picture(number: number): Promise<Uint8Array> {
  const random = randomFrom(number, "a made-up picture");
  const noise = Uint8Array.from({ length: 8 * 8 * 3 }, () => 255 * random());
  return await sharp(noise, { raw: { width: 8, height: 8, channels: 3 } })
    .resize(SHAPE.width, SHAPE.height, { fit: "fill", kernel: "cubic" }).jpeg({ quality: 75 }).toBuffer();
}
