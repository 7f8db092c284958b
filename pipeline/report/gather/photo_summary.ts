import type { z } from "zod";
import { entryOf } from "../../../data/base/entry_of.ts";
import { leftOutByKind } from "../../../data/source/left_out.ts";
import type { RescannedPhotos } from "../../outliers/outliers.ts";
import { duplicateKind } from "../../photos/duplicate_kind.ts";
import type { FilteredPhotos, Scan, SplitPhotos } from "../../photos/photo.ts";
import type { PhotoSummary } from "../report_data.ts";

/** What the stages say of the photos to learn from. */
export interface SortedPhotos {
  readonly scan:
    & Pick<
      z.infer<typeof Scan>,
      "unreadableTrain" | "unlabelled" | "leftOutTrain" | "leftOutTest"
    >
    & {
      readonly train: readonly { readonly id: string; readonly sha256: string }[];
    };
  readonly filter: { readonly dropped: readonly Pick<z.infer<typeof FilteredPhotos>["dropped"][number], "id">[] };
  readonly split: SplitPhotos;
  readonly rescan: Pick<z.infer<typeof RescannedPhotos>, "clean">;
}

/** What became of every labelled photo, and what lies beside the photos. */
export function photoSummary({ scan, filter, split, rescan }: SortedPhotos): PhotoSummary {
  const clean = new Set(rescan.clean);
  const content = new Map(scan.train.map(({ id, sha256 }) => [id, sha256]));
  const dropped = [
    { reason: "cannot be read", ids: scan.unreadableTrain.map(({ id }) => id) },
    { reason: "the name says neither cat nor dog", ids: scan.unlabelled },
    { reason: "dropped by you", ids: split.dropped },
    { reason: "too small after trimming", ids: filter.dropped.map(({ id }) => id) },
    { reason: "undersampled, so that both classes train with as many", ids: split.undersampled.map(({ id }) => id) },
  ];
  return {
    train: split.train.length,
    setAside: split.train.map(({ id }) => id).filter((id) => !clean.has(id)),
    validation: split.validation.length,
    dropped: dropped.filter(({ ids }) => ids.length > 0),
    leftOut: leftOutByKind([...scan.leftOutTrain, ...scan.leftOutTest]),
    relabelled: split.relabelled,
    duplicates: split.duplicates.map((ids) => ({
      kind: duplicateKind(ids, (id) => entryOf(content, id, "a photo's content")),
      ids,
    })),
  };
}
