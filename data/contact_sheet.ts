import { join } from "@std/path";
import sharp from "sharp";
import { photosWith, PLANTED, readTruth, type SampleTruth } from "./sample_pets/truth.ts";

/** How photos are laid out on a sheet, in pixels. */
export interface SheetLayout {
  readonly columns: number;
  readonly cellWidth: number;
  readonly cellHeight: number;
  readonly gap: number;
  /** `cover` fills each cell and cuts what hangs over; `contain` shows photos whole. */
  readonly fit: "cover" | "contain";
}

/** Photos side by side on grey paper, row by row, as one JPEG. */
export async function contactSheet(
  paths: readonly string[],
  { columns, cellWidth, cellHeight, gap, fit }: SheetLayout,
): Promise<Uint8Array> {
  const background = "#b9b6b0";
  const cells = await Promise.all(paths.map(async (path, index) => ({
    input: await sharp(path).resize({ width: cellWidth, height: cellHeight, fit, background }).png().toBuffer(),
    left: gap + (index % columns) * (cellWidth + gap),
    top: gap + Math.floor(index / columns) * (cellHeight + gap),
  })));
  const width = gap + columns * (cellWidth + gap);
  const height = gap + Math.ceil(paths.length / columns) * (cellHeight + gap);
  const paper = sharp({ create: { width, height, channels: 3, background } });
  return new Uint8Array(await paper.composite(cells).jpeg({ quality: 80, mozjpeg: true }).toBuffer());
}

/** Ordinary photos, cats and dogs in turn. */
export function ordinaryFiles(truth: SampleTruth, count: number): string[] {
  const plain = truth.photos.filter((photo) => photo.set === "train" && photo.planted === undefined);
  const cats = plain.filter((photo) => photo.species === "cat");
  const dogs = plain.filter((photo) => photo.species === "dog");
  return cats.flatMap((cat, index) => [cat, dogs[index]]).slice(0, count).map((photo) => photo.file);
}

/** Up to three photos of everything planted that can be shown, a duplicate beside the photo it was made from. */
export function plantedFiles(truth: SampleTruth): string[] {
  return PLANTED.filter((planted) => planted !== "not_a_picture" && planted !== "truncated").flatMap((planted) =>
    photosWith(truth, planted, "train").slice(0, 3).flatMap((photo) =>
      photo.duplicateOf === undefined ? [photo.file] : [`train/${photo.duplicateOf}.jpg`, photo.file]
    )
  );
}

// deno run -A data/contact_sheet.ts SAMPLE_FOLDER OUTPUT_FOLDER: the two sheets of the documentation.
if (import.meta.main) {
  const [sample, output] = Deno.args;
  const truth = await readTruth(join(sample, "truth.json"));
  const inSample = (files: string[]) => files.map((file) => join(sample, file));
  const grid = { columns: 6, cellWidth: 196, cellHeight: 150, gap: 6 };
  await Deno.mkdir(output, { recursive: true });
  await Deno.writeFile(
    join(output, "sample_cats_and_dogs.jpg"),
    await contactSheet(inSample(ordinaryFiles(truth, 24)), { ...grid, fit: "cover" }),
  );
  await Deno.writeFile(
    join(output, "sample_planted.jpg"),
    await contactSheet(inSample(plantedFiles(truth)), { ...grid, fit: "contain" }),
  );
}
