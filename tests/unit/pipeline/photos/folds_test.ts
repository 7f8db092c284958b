import fc from "fast-check";
import { assert, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import { assignFolds, foldedBy, mostFolds } from "../../../../pipeline/photos/folds.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { countOf, type DrawnPhotos, drawnPhotos, photoNamed, photosOf } from "./drawn_photos.ts";

const FOLDS = 3;

/** Photos with enough pictures of each class for every fold. */
function photosForFolds(options: { mixed: boolean }): fc.Arbitrary<DrawnPhotos> {
  return drawnPhotos(options).map(({ photos, groups }) => ({ photos: [...photos, ...extra()], groups }));
}

const extra = () => photosOf(FOLDS, FOLDS).map(({ id, label }) => photoNamed(`${label}.more.${id}`, label));

function foldsOf({ photos, groups }: DrawnPhotos, seed = 0): Map<string, number> {
  return assignFolds(photos, groups, FOLDS, randomFrom(seed, "folds test"));
}

/** The ids of each fold. */
function idsByFold(foldOf: ReadonlyMap<string, number>): string[][] {
  const folds: string[][] = Array.from({ length: FOLDS }, () => []);
  for (const [id, fold] of foldOf) folds[fold].push(id);
  return folds;
}

const range = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);

Deno.test("assignFolds() puts every photo in one fold", () => {
  fc.assert(fc.property(photosForFolds({ mixed: true }), (drawn) => {
    const foldOf = foldsOf(drawn);
    assertEquals([...foldOf.keys()].sort(), drawn.photos.map(({ id }) => id).sort());
    assert([...foldOf.values()].every((fold) => Number.isInteger(fold) && fold >= 0 && fold < FOLDS));
  }));
});

Deno.test("assignFolds() keeps duplicates in one fold", () => {
  fc.assert(fc.property(photosForFolds({ mixed: true }), (drawn) => {
    const foldOf = foldsOf(drawn);
    for (const group of drawn.groups) assertEquals(new Set(group.map((id) => foldOf.get(id))).size, 1);
  }));
});

Deno.test("assignFolds() deals each class evenly, but for the size of a group", () => {
  fc.assert(fc.property(photosForFolds({ mixed: false }), (drawn) => {
    const folds = idsByFold(foldsOf(drawn));
    for (const label of ["cat", "dog"] as const) {
      const ofLabel = drawn.groups.filter(([id]) => id.startsWith(label)).map(({ length }) => length);
      assert(range(folds.map((ids) => countOf(ids, label))) <= Math.max(1, ...ofLabel));
    }
  }));
});

Deno.test("assignFolds() deals single photos to within one of each class, and to within one in all", () => {
  const folds = idsByFold(foldsOf({ photos: photosOf(10, 20), groups: [] }));
  assertEquals(folds.map(({ length }) => length), [10, 10, 10]);
  assert(range(folds.map((ids) => countOf(ids, "cat"))) <= 1);
});

Deno.test("assignFolds() fills up with single photos where groups left room", () => {
  const photos = photosOf(9, 3);
  const folds = idsByFold(foldsOf({ photos, groups: [photos.slice(0, 3).map(({ id }) => id)] }));
  assertEquals(folds.map((ids) => countOf(ids, "cat")), [3, 3, 3]);
});

Deno.test("assignFolds() depends on ids and random numbers, not on the order given", () => {
  fc.assert(fc.property(photosForFolds({ mixed: true }), (drawn) => {
    const reversed = {
      photos: drawn.photos.toReversed(),
      groups: drawn.groups.map((group) => group.toReversed()).toReversed(),
    };
    assertEquals(foldsOf(reversed), foldsOf(drawn));
  }));
  const photos = { photos: photosOf(20, 20), groups: [] };
  assertNotEquals(foldsOf(photos, 1), foldsOf(photos, 2));
});

Deno.test("assignFolds() refuses numbers of folds that leave a fold without a class", () => {
  const assign = (cats: number, dogs: number, folds: number) =>
    assertThrows(() => assignFolds(photosOf(cats, dogs), [], folds, randomFrom(0, "")), Error).message;
  assertEquals(
    assign(9, 4, 5),
    "Cannot make 5 folds: expected at least 5 different dog photos, got 4. Add photos, or ask for fewer folds",
  );
  for (const folds of [1, 2.5, 256, NaN]) assert(assign(300, 300, folds).includes("a whole number from 2 to 255"));
});

Deno.test("assignFolds() counts duplicates as one picture", () => {
  const photos = photosOf(3, 3);
  const groups = [["dog.0.jpg", "dog.1.jpg"]];
  assertThrows(() => assignFolds(photos, groups, 3, randomFrom(0, "")), UserError, "3 different dog photos, got 2");
});

Deno.test("mostFolds() is the number of different pictures in the class that has fewer", () => {
  const photos = ["cat.1", "cat.2", "cat.3", "dog.1", "dog.2", "dog.3", "dog.4"].map((id) =>
    photoNamed(id, id.startsWith("cat") ? "cat" : "dog")
  );
  assertEquals(mostFolds(photos, []), 3);
  assertEquals(mostFolds(photos, [["cat.1", "cat.3"]]), 2);
  assertEquals(mostFolds(photos, [["cat.1", "cat.2", "cat.3"], ["dog.1", "dog.2"]]), 1);
});

// A photo that had been dealt into no fold used to be in the first one.
Deno.test("foldedBy() gives each photo's fold in order, and throws with the id of one that has none", () => {
  const photos = ["a", "b"].map((id) => ({ id, label: "cat" as const }));
  assertEquals(foldedBy(photos, new Map([["b", 0], ["a", 2]])).folds, Uint8Array.of(2, 0));
  assertThrows(
    () => foldedBy(photos, new Map([["a", 2]])),
    RangeError,
    'a photo\'s fold: expected a name that is known, got "b"',
  );
});
