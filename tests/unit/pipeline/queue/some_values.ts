import type { Label } from "../../../../data/labels.ts";
import { labelOf } from "../../../../data/labels.ts";
import { HASH_BITS } from "../../../../data/picture/facts/perceptual_hash.ts";
import { NOT_BELIEVED } from "../../../../pipeline/outliers/outlier_scores.ts";
import type { RunValues } from "../../../../pipeline/queue/run_values.ts";

/** Photos by their ids, each of another content. */
function photos(ids: readonly string[]) {
  return ids.map((id) => ({
    id,
    label: labelOf(id) ?? null,
    bytes: 1000,
    sha256: `content of ${id}`,
    width: 100,
    height: 80,
  }));
}

/** A perceptual hash that is far from all others of another first digit. */
function hashOf(digit: number): string {
  return digit.toString(16).repeat(HASH_BITS / 4);
}

const TRAIN = ["cat.1.jpg", "cat.2.jpg", "cat.3.jpg", "cat.4.jpg", "dog.1.jpg", "dog.2.jpg", "dog.3.jpg", "dog.4.jpg"];
const labelled = (ids: readonly string[]) =>
  ids.map((id) => ({ id, label: labelOf(id) ?? ("cat" satisfies Label), sha256: `content of ${id}` }));

/**
 * A run of eight labelled photos, of which cat.3 and dog.3 show the same and so do dog.1, dog.2 and 7.jpg, a photo to
 * predict; of a photo without label and one that is too small.
 */
export const SOME_VALUES: Required<RunValues> = {
  scan: {
    train: photos([...TRAIN, "cat.small.jpg"]),
    test: photos(["7.jpg", "8.jpg", "cat.1.jpg"]).map((photo) => ({
      ...photo,
      label: null,
      sha256: `content of the other ${photo.id}`,
    })),
    unreadableTrain: [],
    unreadableTest: [],
    unlabelled: ["bird.jpg"],
  },
  trim: {
    train: [...TRAIN, "cat.small.jpg"].map((id, k) => ({
      id,
      box: { left: 0, top: 0, width: 100, height: 80 },
      hash: hashOf(id.endsWith(".3.jpg") ? 15 : id.startsWith("dog.1") || id.startsWith("dog.2") ? 14 : k),
    })),
    test: ["7.jpg", "8.jpg", "cat.1.jpg"].map((id, k) => ({
      id,
      box: { left: 0, top: 0, width: 100, height: 80 },
      hash: hashOf(id === "7.jpg" ? 14 : 9 + k),
    })),
  },
  filter: { kept: TRAIN, dropped: [{ id: "cat.small.jpg", pixels: 8000, reason: "too small" }] },
  split: {
    train: labelled(["cat.1.jpg", "cat.3.jpg", "dog.1.jpg", "dog.2.jpg", "dog.3.jpg"]),
    validation: labelled(["cat.2.jpg", "dog.4.jpg"]),
    undersampled: labelled(["cat.4.jpg"]),
    duplicates: [["cat.3.jpg", "dog.3.jpg"], ["dog.1.jpg", "dog.2.jpg"]],
    dropped: [],
    relabelled: [],
  },
  rescan: {
    outliers: [
      { id: "dog.1.jpg", label: "dog", pDog: 0.01, loss: 4.6, reason: NOT_BELIEVED, verdict: "set aside" },
      {
        id: "cat.3.jpg",
        label: "cat",
        pDog: 0.3,
        loss: 0.36,
        reason: "unlike any other photo (4.0 deviations)",
        verdict: "set aside",
      },
    ],
    clean: ["cat.1.jpg", "dog.2.jpg", "dog.3.jpg"],
  },
  predict: {
    test: [{ id: "7.jpg", pDog: 0.9 }],
    validation: [{ id: "cat.2.jpg", label: "cat", pDog: 0.8 }, { id: "dog.4.jpg", label: "dog", pDog: 0.97 }],
  },
};

/** Where nobody waits for a turn. */
export const NO_PAUSE = () => Promise.resolve();
