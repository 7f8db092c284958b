import type { Label } from "../../data/labels.ts";
import type { Side } from "../queue/known_photos.ts";
import type { Reason } from "../queue/queue_item.ts";
import type { Word } from "../review/word.ts";
import type { PhotoSet } from "../runner/stage.ts";

/** What is known of one photo. */
export interface PhotoFacts {
  readonly set: PhotoSet;
  readonly id: string;
  /** Null for photos to predict, and for those whose names say neither. */
  readonly label: Label | null;
  readonly side: Side | "to predict";
  readonly pDog?: number;
  readonly loss?: number;
  /** Why it deserves a look, if it does. */
  readonly reasons: readonly Reason[];
  readonly word: Word | undefined;
}
