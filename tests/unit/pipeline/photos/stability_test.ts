import fc from "fast-check";
import { assert, assertEquals } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import { assignFolds } from "../../../../pipeline/photos/folds.ts";
import type { LabelledPhoto } from "../../../../pipeline/photos/photo.ts";
import { splitPhotos } from "../../../../pipeline/photos/split_photos.ts";
import { type DrawnPhotos, photosOf } from "./drawn_photos.ts";

const TRAIN_SHARE = 0.8;
const FOLDS = 5;

/** One photo more or less moves at most this many others of a split, where none has duplicates. */
const MOVED_BY_ONE = 3;
/** And this many of the folds: each of the four borders between five folds lets one past. */
const MOVED_BETWEEN_FOLDS = FOLDS - 1;

/** The side of each photo's content, by content: what a photo is called is no part of it. */
function sidesOf({ photos, groups }: DrawnPhotos, seed: number): Map<string, string> {
  const sides = splitPhotos(photos, groups, TRAIN_SHARE, randomFrom(seed, "stability"));
  return new Map(
    (["train", "validation", "undersampled"] as const).flatMap((side) =>
      sides[side].map(({ sha256 }) => [sha256, side])
    ),
  );
}

function foldsOf({ photos, groups }: DrawnPhotos, seed: number): Map<string, number> {
  const folds = assignFolds(photos, groups, FOLDS, randomFrom(seed, "stability"));
  return new Map(photos.map(({ id, sha256 }) => [sha256, folds.get(id) ?? NaN]));
}

/** How many of the photos that are in both are elsewhere. */
function moved<Place>(before: ReadonlyMap<string, Place>, after: ReadonlyMap<string, Place>): number {
  return [...before].filter(([content, place]) => after.has(content) && after.get(content) !== place).length;
}

/** Photos in any numbers, and which of them come only later. */
const grown = fc.record({
  cats: fc.integer({ min: 10, max: 120 }),
  dogs: fc.integer({ min: 10, max: 120 }),
  later: fc.array(fc.nat(), { maxLength: 5 }),
  seed: fc.integer(),
}).map(({ cats, dogs, later, seed }) => {
  const photos = photosOf(cats, dogs);
  const added = new Set(later.map((k) => k % photos.length));
  return { photos, fewer: photos.filter((_, k) => !added.has(k)), added: added.size, seed };
});

const alone = (photos: LabelledPhoto[]): DrawnPhotos => ({ photos, groups: [] });

// One photo more used to move 25 of 60 validation photos.
Deno.test("splitPhotos() moves at most three others for each photo that is added or removed", () => {
  fc.assert(fc.property(grown, ({ photos, fewer, added, seed }) => {
    const change = moved(sidesOf(alone(photos), seed), sidesOf(alone(fewer), seed));
    assert(change <= MOVED_BY_ONE * added, `${change} moved for ${added}`);
  }));
});

Deno.test("splitPhotos() moves at most six others for each photo that gets the other label", () => {
  fc.assert(fc.property(grown, fc.nat(), ({ photos, seed }, at) => {
    const relabelled = photos.map((photo, k): LabelledPhoto =>
      k === at % photos.length ? { ...photo, label: photo.label === "cat" ? "dog" : "cat" } : photo
    );
    // It leaves one class and joins the other: three for each.
    const change = moved(
      sidesOf(alone(photos.filter((_, k) => k !== at % photos.length)), seed),
      sidesOf(alone(relabelled), seed),
    );
    assert(change <= 2 * MOVED_BY_ONE, `${change} moved`);
  }));
});

Deno.test("assignFolds() moves fewer others than there are folds for each photo that is added or removed", () => {
  fc.assert(fc.property(grown, ({ photos, fewer, added, seed }) => {
    const change = moved(foldsOf(alone(photos), seed), foldsOf(alone(fewer), seed));
    assert(change <= MOVED_BETWEEN_FOLDS * added, `${change} moved for ${added}`);
  }));
});

/** Photos of which some show the same as others, up to three together and now and then under both labels. */
const withGroups = grown.chain((drawn) =>
  fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { maxLength: 8 }).map((drawnGroups) => {
    const taken = new Set<string>();
    const groups = drawnGroups.map((members) => {
      const ids = [...new Set(members.map((k) => drawn.photos[k % drawn.photos.length].id))];
      const free = ids.filter((id) => !taken.has(id));
      for (const id of free) taken.add(id);
      return free;
    });
    return { ...drawn, groups: groups.filter(({ length }) => length > 1) };
  })
);

/** The same without the photos that come later. */
function groupsAmong(groups: readonly string[][], photos: readonly LabelledPhoto[]): string[][] {
  const there = new Set(photos.map(({ id }) => id));
  return groups.map((group) => group.filter((id) => there.has(id))).filter(({ length }) => length > 1);
}

// A group of three that no longer fits leaves room for others, on either side of either border.
Deno.test("splitPhotos() moves few others where there are duplicates, and never parts them", () => {
  fc.assert(fc.property(withGroups, ({ photos, fewer, added, seed, groups }) => {
    const after = sidesOf({ photos: fewer, groups: groupsAmong(groups, fewer) }, seed);
    const change = moved(sidesOf({ photos, groups }, seed), after);
    assert(change <= (added === 0 ? 0 : 8 * added + 12), `${change} moved for ${added}`);
  }));
});

Deno.test("splitPhotos() and assignFolds() leave renamed photos where they are, in whatever order they come", () => {
  fc.assert(fc.property(withGroups, fc.integer(), ({ photos, groups, seed }, names) => {
    const random = randomFrom(names, "names");
    const nameOf = new Map(photos.map(({ id }) => [id, `${random()}.jpg`]));
    const renamed = {
      photos: photos.map((photo) => ({ ...photo, id: nameOf.get(photo.id) ?? "" })).sort((a, b) =>
        a.id < b.id ? -1 : 1
      ),
      groups: groups.map((group) => group.map((id) => nameOf.get(id) ?? "")),
    };
    assertEquals(sidesOf(renamed, seed), new Map(sidesOf({ photos, groups }, seed)));
    const enough = (["cat", "dog"] as const).every((label) => {
      const grouped = new Set(groups.flat());
      return photos.filter((photo) => photo.label === label && !grouped.has(photo.id)).length >= FOLDS;
    });
    if (enough) assertEquals(foldsOf(renamed, seed), foldsOf({ photos, groups }, seed));
  }));
});
