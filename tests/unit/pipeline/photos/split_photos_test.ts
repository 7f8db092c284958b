import fc from "fast-check";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import { splitPhotos } from "../../../../pipeline/photos/split_photos.ts";
import { countOf, type DrawnPhotos, drawnPhotos, photoNamed, photosOf } from "./drawn_photos.ts";

const TRAIN_SHARE = 0.8;
const SIDES = ["train", "validation", "undersampled"] as const;

/** The ids on each side. */
function split({ photos, groups }: DrawnPhotos, seed = 0) {
  const sides = splitPhotos(photos, groups, TRAIN_SHARE, randomFrom(seed, "split test"));
  const ids = (some: readonly { readonly id: string }[]) => some.map(({ id }) => id);
  return { train: ids(sides.train), validation: ids(sides.validation), undersampled: ids(sides.undersampled) };
}

Deno.test("splitPhotos() puts every photo on exactly one side", () => {
  fc.assert(fc.property(drawnPhotos({ mixed: true }), (drawn) => {
    const sides = split(drawn);
    const placed = SIDES.flatMap((side) => sides[side]);
    assertEquals(placed.toSorted(), drawn.photos.map(({ id }) => id).toSorted());
  }));
});

Deno.test("splitPhotos() trains on exactly as many cats as dogs", () => {
  fc.assert(fc.property(drawnPhotos({ mixed: true }), (drawn) => {
    const { train } = split(drawn);
    assertEquals(countOf(train, "cat"), countOf(train, "dog"));
  }));
});

Deno.test("splitPhotos() never validates on a duplicate of a training photo", () => {
  fc.assert(fc.property(drawnPhotos({ mixed: true }), (drawn) => {
    const { train, validation } = split(drawn);
    for (const group of drawn.groups) {
      const inTrain = group.filter((id) => train.includes(id));
      const inValidation = group.filter((id) => validation.includes(id));
      assert(inTrain.length === 0 || inValidation.length === 0, `${inTrain} train and ${inValidation} validate`);
    }
  }));
});

Deno.test("splitPhotos() is off 80/20 by less than the largest group within each class", () => {
  fc.assert(fc.property(drawnPhotos({ mixed: false }), (drawn) => {
    const { train, validation } = split(drawn);
    const smallerClass = Math.min(
      ...(["cat", "dog"] as const).map((label) => drawn.photos.filter((photo) => photo.label === label).length),
    );
    const wanted = Math.round(TRAIN_SHARE * smallerClass);
    const largest = Math.max(1, ...drawn.groups.map(({ length }) => length));
    for (const label of ["cat", "dog"] as const) {
      const trained = countOf(train, label);
      const validated = countOf(validation, label);
      assert(trained <= wanted && trained > wanted - largest, `${trained} of ${wanted} ${label}s train`);
      const rest = smallerClass - wanted;
      assert(validated <= rest && validated > rest - largest, `${validated} of ${rest} ${label}s validate`);
    }
  }));
});

Deno.test("splitPhotos() gives the same for any order of photos, of groups and within groups", () => {
  fc.assert(fc.property(drawnPhotos({ mixed: true }), fc.integer(), (drawn, seed) => {
    const random = randomFrom(seed, "order");
    const mixedUp = <T>(items: readonly T[]) =>
      items.map((item) => ({ item, at: random() })).sort((a, b) => a.at - b.at).map(({ item }) => item);
    const reordered = { photos: mixedUp(drawn.photos), groups: mixedUp(drawn.groups).map(mixedUp) };
    assertEquals(split(reordered), split(drawn));
  }));
});

Deno.test("splitPhotos() gives another split for another seed", () => {
  const drawn = { photos: photosOf(50, 50), groups: [] };
  assertNotEquals(split(drawn, 1), split(drawn, 2));
});

Deno.test("splitPhotos() is exact where no photo has a duplicate", () => {
  const { train, validation, undersampled } = split({ photos: photosOf(10, 10), groups: [] });
  assertEquals([countOf(train, "cat"), countOf(train, "dog")], [8, 8]);
  assertEquals([countOf(validation, "cat"), countOf(validation, "dog")], [2, 2]);
  assertEquals(undersampled, []);
});

Deno.test("splitPhotos() leaves out what the larger class has more", () => {
  const { train, validation, undersampled } = split({ photos: photosOf(10, 25), groups: [] });
  assertEquals([train.length, validation.length, countOf(undersampled, "dog"), undersampled.length], [16, 4, 15, 15]);
});

Deno.test("splitPhotos() has nothing to train on without one of the classes", () => {
  const { train, validation, undersampled } = split({ photos: photosOf(3, 0), groups: [] });
  assertEquals([train, validation, undersampled.length], [[], [], 3]);
  assertEquals(split({ photos: [], groups: [] }), { train: [], validation: [], undersampled: [] });
});

Deno.test("splitPhotos() trains on one of each and has nothing left to validate", () => {
  const { train, validation } = split({ photos: photosOf(1, 1), groups: [] });
  assertEquals([train, validation], [["cat.0.jpg", "dog.0.jpg"], []]);
});

Deno.test("splitPhotos() keeps a class that is one single group together", () => {
  const photos = photosOf(5, 5);
  const cats = photos.filter(({ label }) => label === "cat").map(({ id }) => id);
  const { train, validation } = split({ photos, groups: [cats] });
  // Five copies of one cat are more than the four that should train, and more than the one that should validate.
  assertEquals([countOf(train, "cat"), countOf(validation, "cat")], [0, 0]);
});

Deno.test("splitPhotos() keeps copies with contradicting labels on one side", () => {
  const { train, validation } = split({ photos: photosOf(10, 10), groups: [["cat.0.jpg", "dog.0.jpg"]] });
  assertEquals(train.includes("cat.0.jpg"), train.includes("dog.0.jpg"));
  assertEquals(validation.includes("cat.0.jpg"), validation.includes("dog.0.jpg"));
});

Deno.test("splitPhotos() gives each list sorted", () => {
  const sides = split({ photos: photosOf(12, 14), groups: [] });
  for (const side of SIDES) assertEquals(sides[side], sides[side].toSorted());
});

Deno.test("splitPhotos() validates in spite of more copies of one picture than validation holds", () => {
  const photos = Array.from({ length: 60 }, (_, k) => k).flatMap((k) => [
    photoNamed(`cat.${k}`, "cat"),
    photoNamed(`dog.${k}`, "dog"),
  ]);
  // A fourth of each class.
  const copies = photos.filter((_, k) => k < 30).map(({ id }) => id);
  for (let seed = 0; seed < 20; seed++) {
    const { train, validation } = split({ photos, groups: [copies] }, seed);
    assertEquals([train.length, validation.length], [96, 24]);
  }
});
