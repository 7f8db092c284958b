import { assertEquals } from "@std/assert";
import { labelOf, labelOfFolder, numericId } from "../../../data/labels.ts";

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
