import { assertEquals } from "@std/assert";
import { surestMistakes } from "../../../../pipeline/predictions/surest_mistakes.ts";

Deno.test("surestMistakes() gives what is wrong, the surest first, and no more than asked for", () => {
  const predictions = [
    { label: "cat", pDog: 0.6 },
    { label: "dog", pDog: 0.9 },
    { label: "dog", pDog: 0.01 },
    { label: "cat", pDog: 0.8 },
  ] as const;
  assertEquals(surestMistakes(predictions, 24).map(({ pDog }) => pDog), [0.01, 0.8, 0.6]);
  assertEquals(surestMistakes(predictions, 1).map(({ pDog }) => pDog), [0.01]);
});
