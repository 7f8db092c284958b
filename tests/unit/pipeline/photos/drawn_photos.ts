import fc from "fast-check";
import type { LabelledPhoto } from "../../../../pipeline/photos/photo.ts";

/** Photos and the groups of duplicates among them. */
export interface DrawnPhotos {
  readonly photos: LabelledPhoto[];
  readonly groups: string[][];
}

/** A photo whose content nobody else has who is not called the same. */
export function photoNamed(id: string, label: LabelledPhoto["label"]): LabelledPhoto {
  return { id, label, sha256: `content of ${id}` };
}

/** Labelled photos without duplicates. */
export function photosOf(cats: number, dogs: number): LabelledPhoto[] {
  const of = (label: LabelledPhoto["label"], count: number) =>
    Array.from({ length: count }, (_, k): LabelledPhoto => photoNamed(`${label}.${k}.jpg`, label));
  return [...of("cat", cats), ...of("dog", dogs)];
}

/** Photos of which some are duplicates of one another; `mixed` lets a group hold both classes. */
export function drawnPhotos({ mixed }: { mixed: boolean }): fc.Arbitrary<DrawnPhotos> {
  const label = fc.constantFrom<LabelledPhoto["label"]>("cat", "dog");
  // Each photo names the group it is in. Of many names most are taken once, and then the photo stands alone.
  const photosIn = (groups: number) =>
    fc.array(fc.record({ label, group: fc.integer({ min: 1, max: groups }) }), { maxLength: 60, size: "max" });
  return fc.integer({ min: 1, max: 60 }).chain(photosIn).map((drawn) => {
    const photos = drawn.map(({ label }, k) => photoNamed(`${label}.${k}.jpg`, label));
    const byGroup = Map.groupBy(
      photos.keys(),
      (k) => mixed ? `${drawn[k].group}` : `${drawn[k].group} ${drawn[k].label}`,
    );
    const groups = [...byGroup.values()].map((members) => members.map((k) => photos[k].id));
    return { photos, groups: groups.filter(({ length }) => length > 1) };
  });
}

/** How many of these ids are of a class, by their names. */
export function countOf(ids: readonly string[], label: LabelledPhoto["label"]): number {
  return ids.filter((id) => id.startsWith(label)).length;
}
