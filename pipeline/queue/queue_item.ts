import type { ReviewState, Word } from "../review/word.ts";
import type { KnownPhoto } from "./known_photos.ts";

/** Kinds of what makes a photo deserve a look. */
export const REASON_KINDS = [
  "doubted label",
  "unlike any other",
  "mistake",
  "both labels",
  "duplicates",
  "no label",
  "your word",
] as const;
export type ReasonKind = (typeof REASON_KINDS)[number];

/** Why a photo deserves a look. */
export interface Reason {
  readonly kind: ReasonKind;
  /** The same for people. Names in it are names of files, to be shown as they are. */
  readonly words: string;
}

/** A photo that deserves a look, before anything is said of it. */
export interface DoubtedPhoto extends KnownPhoto {
  /** All that speaks for a look, in the order of the kinds. */
  readonly reasons: readonly Reason[];
  /** Of an outlier: whether it leaves training, and on whose word. */
  readonly verdict?: string;
  /** The number of the group of photos that show the same. */
  readonly duplicates?: number;
}

/** A photo that deserves a look, and what the user says of it. */
export interface QueueItem extends DoubtedPhoto {
  readonly word: Word | undefined;
  readonly state: ReviewState;
}
