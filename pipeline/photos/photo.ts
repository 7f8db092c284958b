import { z } from "zod";
import { type Label, LABELS } from "../../data/labels.ts";
import type { Box } from "../../data/picture/pixels.ts";
import { LEFT_OUT_KINDS } from "../../data/source/file_kind.ts";

/** A cat or a dog, as it is stored. */
export const LabelSchema = z.enum(LABELS);

/** The number that the networks know a label by: softmax column 1 is P(dog). */
export function labelNumber(label: Label): 0 | 1 {
  return label === "dog" ? 1 : 0;
}

/** The numbers that labelled photos are learnt by, in their order. */
export function labelNumbers(photos: readonly { readonly label: Label }[]): Uint8Array {
  return Uint8Array.from(photos, ({ label }) => labelNumber(label));
}

/** A readable photo. */
export const Photo = z.object({
  /** Its path below the photo folder, with forward slashes. */
  id: z.string(),
  /** Null for photos to predict. */
  label: LabelSchema.nullable(),
  bytes: z.number().int(),
  sha256: z.string(),
  /** Pixels, after the EXIF orientation. */
  width: z.number().int().positive(),
  height: z.number().int().positive(),
});
export type Photo = z.infer<typeof Photo>;

/** A file that is no photo, and why. */
export const UnreadablePhoto = z.object({ id: z.string(), reason: z.string() });

/** Both sets of photos as `scan` found them. */
export const ScannedPhotos = z.object({
  train: z.array(Photo),
  test: z.array(Photo),
  unreadableTrain: z.array(UnreadablePhoto),
  unreadableTest: z.array(UnreadablePhoto),
  /** Readable photos of the training folder whose name says neither cat nor dog. */
  unlabelled: z.array(z.string()),
});

/** What lies among the photos and is taken for none: no result depends on it. */
export const LeftOutFiles = z.array(z.object({ id: z.string(), kind: z.enum(LEFT_OUT_KINDS) }));

/** All that `scan` found. */
export const Scan = ScannedPhotos.extend({ leftOutTrain: LeftOutFiles, leftOutTest: LeftOutFiles });

/** Of these, the photos to learn from: for stages that depend on no others. */
export const ScannedTrainPhotos = ScannedPhotos.pick({ train: true });

/** A rectangle of pixels within a photo, as it is stored. */
export const BoxSchema = z.object({
  left: z.number().int().nonnegative(),
  top: z.number().int().nonnegative(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
}) satisfies z.ZodType<Box>;

/** What is left of a photo when its white border is cut, and its perceptual hash. */
export const TrimmedPhoto = z.object({ id: z.string(), box: BoxSchema, hash: z.string() });
export type TrimmedPhoto = z.infer<typeof TrimmedPhoto>;

export const TrimmedPhotos = z.object({ train: z.array(TrimmedPhoto), test: z.array(TrimmedPhoto) });

/** Of these, the photos to learn from: for stages that depend on no others. */
export const TrimmedTrainPhotos = TrimmedPhotos.pick({ train: true });

/** The training photos that are large enough, and those that are not. */
export const FilteredPhotos = z.object({
  kept: z.array(z.string()),
  dropped: z.array(z.object({ id: z.string(), pixels: z.number().int(), reason: z.string() })),
});

/** A photo with the label that it counts under: the user's, where the review gives one, else its name's. */
export const LabelledPhoto = z.object({ id: z.string(), label: LabelSchema, sha256: z.string() });
export type LabelledPhoto = z.infer<typeof LabelledPhoto>;

/** The labelled photos that the user left, each with its settled label, and which of them train and which validate. */
export const SplitPhotos = z.object({
  train: z.array(LabelledPhoto),
  validation: z.array(LabelledPhoto),
  /** Photos of the larger class that would unbalance the training set. */
  undersampled: z.array(LabelledPhoto),
  /** Photos that show the same picture, exactly or nearly. */
  duplicates: z.array(z.array(z.string())),
  /** Photos that the review drops: they take part in nothing. */
  dropped: z.array(z.string()),
  /** Photos that the review gives another label than their name does; null for a name that says neither. */
  relabelled: z.array(z.object({ id: z.string(), named: LabelSchema.nullable(), label: LabelSchema })),
});
export type SplitPhotos = z.infer<typeof SplitPhotos>;

/** Of these, the photos to fit on and to validate by: for stages that depend on no others. */
export const SidesOfSplit = SplitPhotos.pick({ train: true, validation: true });

/** A photo whose label is known. */
export interface LabelledId {
  readonly id: string;
  readonly label: Label;
}

/** Photos with their labels and folds, in one order. */
export interface FoldedPhotos {
  readonly photos: readonly LabelledId[];
  /** The number of each photo's fold. */
  readonly folds: Uint8Array;
}
