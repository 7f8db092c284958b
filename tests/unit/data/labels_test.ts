import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { compareIds, labelOf, labelOfFolder, numericId } from "../../../data/labels.ts";

Deno.test("labelOf() reads Kaggle's file names in any case", () => {
  assertEquals(labelOf("cat.0.jpg"), "cat");
  assertEquals(labelOf("DOG.12499.JPG"), "dog");
  assertEquals(labelOf("some/where/Cat.1.jpeg"), "cat");
});

Deno.test("labelOf() reads folders, singular or plural, in any case", () => {
  for (const folder of ["cat", "cats", "Cats", "CAT"]) assertEquals(labelOf(`${folder}/rex.jpg`), "cat");
  for (const folder of ["dog", "dogs", "Dogs", "DOG"]) assertEquals(labelOf(`${folder}/tom.jpg`), "dog");
});

Deno.test("labelOf() takes the file name before the folder, and the nearest folder before others", () => {
  assertEquals(labelOf("dogs/cat.1.jpg"), "cat");
  assertEquals(labelOf("cats/dogs/1.jpg"), "dog");
  assertEquals(labelOf("dogs/brown/1.jpg"), "dog");
});

Deno.test("labelOf() does not guess", () => {
  for (const id of ["1.jpg", "catalog.jpg", "hotdog.1.jpg", "category/1.jpg", "cat", "my cat/1.jpg", ""]) {
    assertEquals(labelOf(id), undefined, id);
  }
});

Deno.test("labelOfFolder() knows the four names and no other", () => {
  assertEquals(["cats", "Dog", "train", ""].map(labelOfFolder), ["cat", "dog", undefined, undefined]);
});

Deno.test("numericId() reads the number that names a photo", () => {
  assertEquals(numericId("123.jpg"), 123);
  assertEquals(numericId("test/007.png"), 7);
  for (const id of ["cat.123.jpg", "123", "x1.jpg", "1.2.jpg", "99999999999999999999.jpg"]) {
    assertEquals(numericId(id), undefined, id);
  }
});

Deno.test("compareIds() counts, and breaks ties", () => {
  const ids = ["cat.10.jpg", "cat.9.jpg", "dog.1.jpg", "cat.010.jpg", "Cat.9.jpg"];
  const sorted = ids.toSorted(compareIds);
  assert(sorted.indexOf("cat.9.jpg") < sorted.indexOf("cat.10.jpg"));
  assertEquals(sorted.at(-1), "dog.1.jpg");
});

Deno.test("compareIds() is a total order: sorting gives the same for any order of ids", () => {
  const id = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("a", "A", "0", "1", "9", ".", "/", "\u00ad") }));
  fc.assert(fc.property(fc.uniqueArray(id), fc.nat(), (ids, turn) => {
    const turned = ids.map((_, index) => ids[(index + turn) % ids.length]);
    assertEquals(turned.toSorted(compareIds), ids.toSorted(compareIds));
  }));
});
