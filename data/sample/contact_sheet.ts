import { join } from "@std/path";
import sharp from "sharp";
import { photosWith, PLANTED, readTruth, type SampleTruth } from "./truth.ts";

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

/** The first ordinary training photos that are wider than high, cats and dogs in turn, as paths. */
export async function ordinaryPhotos(sample: string, truth: SampleTruth, count: number): Promise<string[]> {
  const wide: Record<"cat" | "dog", string[]> = { cat: [], dog: [] };
  for (const { set, species, planted, file } of truth.photos) {
    if (set !== "train" || planted !== undefined || (species !== "cat" && species !== "dog")) continue;
    const path = join(sample, file);
    const { width, height } = await sharp(path).metadata();
    if (width > 1.15 * height) wide[species].push(path);
  }
  return wide.cat.flatMap((cat, index) => index < wide.dog.length ? [cat, wide.dog[index]] : []).slice(0, count);
}

/** Up to three photos of everything planted that can be shown, a duplicate beside its original, as paths. */
export function plantedPhotos(sample: string, truth: SampleTruth): string[] {
  return PLANTED.filter((planted) => planted !== "not_a_picture" && planted !== "truncated").flatMap((planted) =>
    photosWith(truth, planted, "train").slice(0, 3).flatMap((photo) =>
      photo.duplicateOf === undefined ? [photo.file] : [`train/${photo.duplicateOf}.jpg`, photo.file]
    )
  ).map((file) => join(sample, file));
}

// deno run -A data/contact_sheet.ts SAMPLE_FOLDER OUTPUT_FOLDER: the two sheets of the documentation.
if (import.meta.main) {
  const [sample, output] = Deno.args;
  const truth = await readTruth(join(sample, "truth.json"));
  const grid = { columns: 6, cellWidth: 196, cellHeight: 150, gap: 6 };
  await Deno.mkdir(output, { recursive: true });
  await Deno.writeFile(
    join(output, "sample_cats_and_dogs.jpg"),
    await contactSheet(await ordinaryPhotos(sample, truth, 24), { ...grid, fit: "cover" }),
  );
  await Deno.writeFile(
    join(output, "sample_planted.jpg"),
    await contactSheet(plantedPhotos(sample, truth), { ...grid, fit: "contain" }),
  );
}
