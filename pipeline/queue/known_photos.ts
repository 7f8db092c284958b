import type { Label } from "../../data/labels.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import { LEAST_CLIP, logLoss } from "../predictions/metrics.ts";
import type { RunValues } from "./run_values.ts";

/** What became of a photo to learn from. */
export type Side = "train" | "validation" | "undersampled" | "left out" | "not divided yet";

/** What the stages say of a photo to learn from. */
export interface KnownPhoto {
  readonly id: string;
  /** The label that it counts under; null where its name says neither and nobody else has. */
  readonly label: Label | null;
  readonly side: Side;
  /** Given by a classifier that has not trained on it, where one has looked at it. */
  readonly pDog?: number;
  /** The cross entropy that goes with it. */
  readonly loss?: number;
}

/** The photos to learn from, by their ids: those that can be read. */
export function knownPhotos({ scan, filter, split, rescan, predict }: RunValues): Map<string, KnownPhoto> {
  const photos = new Map<string, KnownPhoto>();
  const add = (photo: KnownPhoto) => photos.set(photo.id, photo);
  for (const { id, label } of scan.train) add({ id, label, side: split ? "left out" : "not divided yet" });
  for (const id of scan.unlabelled) add({ id, label: null, side: "left out" });
  for (const { id } of filter?.dropped ?? []) change(photos, id, { side: "left out" });
  for (const side of ["train", "validation", "undersampled"] as const) {
    for (const { id, label } of split?.[side] ?? []) change(photos, id, { label, side });
  }
  for (const { id, pDog, loss } of rescan?.outliers ?? []) change(photos, id, { pDog, loss });
  for (const { id, pDog } of predict?.validation ?? []) {
    const label = photos.get(id)?.label;
    if (label) change(photos, id, { pDog, loss: logLoss([{ label, pDog }], { clip: LEAST_CLIP }) });
  }
  return photos;
}

/** Tells more of a photo that is known; a stage that is out of date may tell of others. */
function change(photos: Map<string, KnownPhoto>, id: string, more: Partial<KnownPhoto>): void {
  if (photos.has(id)) photos.set(id, { ...entryOf(photos, id, "a photo"), ...more });
}
