import { z } from "zod";
import { readRegularFile } from "../files/regular_file.ts";

/** What was done to a photo on purpose, for the pipeline to find. */
export const PLANTED = [
  "white_border",
  "tiny",
  "exactly_3600_pixels",
  "not_a_picture",
  "truncated",
  "wrong_label",
  "no_animal",
  "both_animals",
  "exact_duplicate",
  "near_duplicate",
] as const;
export type Planted = typeof PLANTED[number];

/** More than any sample's truth has. */
const MAXIMUM_TRUTH_BYTES = 256 * 2 ** 20;

/** Counts up when the same seed would draw other bytes than before. */
export const GENERATOR_VERSION = 1;

const speciesSchema = z.enum(["cat", "dog"]);
const pixels = z.int().nonnegative();

const photoSchema = z.strictObject({
  /** The file's name without `.jpg`: `cat.12`, `dog.3`, and a plain number in the test set. */
  id: z.string(),
  set: z.enum(["train", "test"]),
  /** From the sample's folder on: `train/cat.12.jpg`. */
  file: z.string(),
  /** The label that the name gives; test photos have none. */
  label: speciesSchema.optional(),
  /** What was drawn. */
  species: z.enum(["cat", "dog", "both", "none"]),
  planted: z.enum(PLANTED).optional(),
  /** Where the picture lies inside a white border. */
  box: z.strictObject({ left: pixels, top: pixels, width: pixels, height: pixels }).optional(),
  /** The photo that a duplicate was made from. */
  duplicateOf: z.string().optional(),
});

const truthSchema = z.strictObject({
  generator: z.literal(GENERATOR_VERSION),
  seed: z.int(),
  train: z.int().positive(),
  test: z.int().positive(),
  photos: z.array(photoSchema),
});

/** What one photo of the sample is. */
export type PhotoTruth = z.infer<typeof photoSchema>;
/** What every photo of a drawn sample is, and what was planted in it. */
export type SampleTruth = z.infer<typeof truthSchema>;

/**
 * Reads the truth from the text of `truth.json`.
 * @throws Error when it is not the truth of a sample drawn by this version.
 */
export function parseTruth(text: string): SampleTruth {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new Error("Cannot read the sample's truth: expected JSON, got other text; draw the sample again", { cause });
  }
  const parsed = truthSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(
    `Cannot read the sample's truth: expected that of generator version ${GENERATOR_VERSION}, got\n` +
      `${z.prettifyError(parsed.error)}\nDraw the sample again.`,
  );
}

/**
 * Reads a `truth.json`.
 * @throws Deno.errors.NotFound when there is none, Error when it is not a truth, or no file at all.
 */
export async function readTruth(path: string): Promise<SampleTruth> {
  return parseTruth(new TextDecoder().decode(await readRegularFile(path, MAXIMUM_TRUTH_BYTES)));
}

/** The photos in which this was planted, in the training set, the test set, or (by default) both. */
export function photosWith(truth: SampleTruth, planted: Planted, set?: "train" | "test"): PhotoTruth[] {
  return truth.photos.filter((photo) => photo.planted === planted && (set === undefined || photo.set === set));
}
