import { z } from "zod";
import { sha256 } from "../../files/hashing.ts";

/** Raised when the features of the same photo change. */
const ROWS_VERSION = 8;

/** What features are made by, besides the photo and its box. Rows that were made by the same are kept in one set. */
export const FeatureSet = z.strictObject({
  version: z.number().int(),
  /** One hash for the contents of both weights files. */
  weights: z.string(),
  engine: z.string(),
  /** In what numbers it computes: its floats, or integers by which ranges. */
  numbers: z.string(),
  /** At which sizes the backbones see photos, in pixels. */
  sizes: z.array(z.number().int()),
});
export type FeatureSet = z.infer<typeof FeatureSet>;

/** The set of what this version of the program makes. */
export function featureSet(made: Omit<FeatureSet, "version">): FeatureSet {
  return { version: ROWS_VERSION, ...made };
}

/** The text that stands in a set's folder, and its name. */
export function describedSet(set: FeatureSet): { readonly name: string; readonly text: string } {
  const text = JSON.stringify(FeatureSet.parse(set));
  return { name: sha256(text).slice(0, 16), text };
}

/** What a photo's row is known by in its set: 32 digits. */
export function rowKey(set: string, photo: string, box: string): string {
  return sha256(`${set} ${photo} ${box}`).slice(0, 32);
}
