import { z } from "zod";
import { duplicateGroups } from "../../data/duplicates.ts";
import { FilteredPhotos, ScannedTrainPhotos, SplitPhotos, TrimmedTrainPhotos } from "../photos/photo.ts";
import { splitPhotos } from "../photos/split_photos.ts";
import { defineStage } from "../runner/stage.ts";
import { UserError } from "../files/user_error.ts";

/** Divides the kept photos into those that train and those that validate, duplicates on one side. */
export const split = defineStage({
  name: "split",
  version: 2,
  inputs: z.object({ scan: ScannedTrainPhotos, trim: TrimmedTrainPhotos, filter: FilteredPhotos }),
  output: SplitPhotos,
  tools: ["random", "warn"],
  params: (config) => ({ seed: config.seed, trainShare: config.hyperparameters.trainShare }),
  run({ scan, trim, filter }, { trainShare }, tools) {
    const kept = new Set(filter.kept);
    const hashes = new Map(trim.train.map(({ id, hash }) => [id, hash]));
    const photos = scan.train.flatMap(({ id, label, sha256 }) => {
      const hash = hashes.get(id);
      return kept.has(id) && label && hash !== undefined ? [{ id, label, sha256, hash }] : [];
    });
    const duplicates = duplicateGroups(photos);
    const labels = new Map(photos.map(({ id, label }) => [id, label]));
    const mixed = duplicates.filter((group) => new Set(group.map((id) => labels.get(id))).size > 1);
    for (const group of mixed) {
      tools.warn(`${group.join(" and ")} show the same under both labels: one of them is wrong`);
    }
    const sides = splitPhotos(photos, duplicates, trainShare, tools.random("order"));
    for (const side of ["train", "validation"] as const) {
      if (sides[side].length === 0) {
        throw new UserError(
          `Cannot split ${photos.length} photos: expected enough of each class for training and validation, got none ` +
            `for ${side}. Add photos, at least five of each class that are not copies of one another`,
        );
      }
    }
    return Promise.resolve({
      output: { ...sides, duplicates },
      counts: {
        train: sides.train.length,
        validation: sides.validation.length,
        undersampled: sides.undersampled.length,
        "groups of duplicates": duplicates.length,
        "of them under both labels": mixed.length,
      },
    });
  },
});
