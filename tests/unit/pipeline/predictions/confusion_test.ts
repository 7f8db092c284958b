import { assertEquals } from "@std/assert";
import { confusionMatrix } from "../../../../pipeline/predictions/confusion.ts";

Deno.test("confusionMatrix() counts by label, then by prediction", () => {
  const matrix = confusionMatrix([
    { label: "cat", pDog: 0.1 },
    { label: "cat", pDog: 0.5 },
    { label: "cat", pDog: 0.9 },
    { label: "dog", pDog: 0.9 },
    { label: "dog", pDog: 0.2 },
  ]);
  assertEquals(matrix, { cat: { cat: 2, dog: 1 }, dog: { cat: 1, dog: 1 } });
});
