import type { PhotoFacts } from "../facts/photo_facts.ts";
import type { PhotoBox, SquarePlace } from "./photo_squares.ts";

/** What a worker is asked about a photo; squares go to places in shared memory. */
export type PhotoQuestion =
  | { readonly kind: "facts"; readonly photo: Uint8Array }
  | {
    readonly kind: "squares";
    readonly photo: Uint8Array;
    readonly box: PhotoBox;
    readonly places: readonly SquarePlace[];
  };

/** What a worker is told, each with the photo's number. Photos go on side by side and are answered in order. */
export type DecodingRequest =
  & (PhotoQuestion | {
    /** The memory that it needs is free now. */
    readonly kind: "go on";
  })
  & { readonly number: number };

/** What became of a photo; or how much more memory it needs than is held for each, before it goes on. */
export type DecodingAnswer =
  | { readonly is: "facts"; readonly facts: PhotoFacts }
  | { readonly is: "written" }
  | { readonly is: "unreadable"; readonly reason: string }
  | { readonly is: "larger"; readonly bytes: number }
  | { readonly is: "failed"; readonly error: Error };

/** What the worker answers. */
export interface DecodingReply {
  readonly kind: "answered";
  readonly answer: DecodingAnswer;
}
