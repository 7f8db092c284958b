import { assertEquals, assertStringIncludes } from "@std/assert";
import { predictionSample } from "../../../../../pipeline/report/sections/prediction_sample.ts";

Deno.test("predictionSample() says what each photo is taken for, and nothing of one that has no probability", () => {
  const sample = [{ id: "1.jpg", pDog: 0.51 }, { id: "2.jpg", pDog: 0.5 }, { id: "3.jpg", pDog: NaN }];
  const { markup } = predictionSample({ predictions: [], sample });
  assertEquals([...markup.matchAll(/chip (cat|dog)/g)].map(([, label]) => label), ["dog", "cat"]);
  assertStringIncludes(markup, "P(dog) <strong>–</strong>");
});
