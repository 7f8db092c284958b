import type { Label } from "../../../data/labels.ts";
import type { LabelledPhoto, SplitPhotos } from "../../photos/photo.ts";
import type { Review } from "./review.ts";

/** A photo with the label that its name gives, if any. */
export interface NamedLabel {
  readonly id: string;
  readonly label: Label | null;
  readonly sha256: string;
}

/** The photos that the user left, with the labels that they count under, and what the review changed. */
export interface ReviewedPhotos extends Pick<SplitPhotos, "dropped" | "relabelled"> {
  readonly photos: LabelledPhoto[];
}

/** Settles which photos take part and under which label: by the user's word first, by their names else. */
export function reviewedPhotos(named: readonly NamedLabel[], { drop, relabel }: Review): ReviewedPhotos {
  const left = named.filter(({ id }) => !drop.has(id));
  return {
    photos: left.flatMap(({ id, label: byName, sha256 }) => {
      const label = relabel.get(id) ?? byName;
      return label === null ? [] : [{ id, label, sha256 }];
    }),
    dropped: named.filter(({ id }) => drop.has(id)).map(({ id }) => id),
    relabelled: left.flatMap(({ id, label: byName }) => {
      const label = relabel.get(id);
      return label === undefined || label === byName ? [] : [{ id, named: byName, label }];
    }),
  };
}
