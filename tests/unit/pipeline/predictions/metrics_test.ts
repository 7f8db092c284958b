import fc from "fast-check";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import {
  accuracy,
  areaUnderRocCurve,
  type LabelledPrediction,
  logLoss,
  predictedLabel,
} from "../../../../pipeline/predictions/metrics.ts";

const prediction = fc.record({
  label: fc.constantFrom("cat" as const, "dog" as const),
  pDog: fc.double({ min: 0, max: 1, noNaN: true }),
});
const predictions = fc.array(prediction, { minLength: 1, maxLength: 40 });

Deno.test("logLoss() gives ln 2 where every prediction is 0.5", () => {
  assertAlmostEquals(logLoss([{ label: "cat", pDog: 0.5 }, { label: "dog", pDog: 0.5 }]), Math.LN2);
});

Deno.test("logLoss() averages -ln(probability of the label)", () => {
  const loss = logLoss([{ label: "dog", pDog: 0.8 }, { label: "cat", pDog: 0.3 }]);
  assertAlmostEquals(loss, -(Math.log(0.8) + Math.log(0.7)) / 2);
});

Deno.test("logLoss() is infinite after a sure mistake, and finite when clipped", () => {
  const sureMistake: LabelledPrediction[] = [{ label: "cat", pDog: 1 }];
  assertEquals(logLoss(sureMistake), Infinity);
  assertAlmostEquals(logLoss(sureMistake, { clip: 0.005 }), -Math.log(0.005));
});

Deno.test("logLoss() clips what is right as well", () => {
  assertAlmostEquals(logLoss([{ label: "dog", pDog: 1 }], { clip: 0.005 }), -Math.log(0.995));
});

Deno.test("logLoss() keeps the digits of a very small P(dog)", () => {
  assertAlmostEquals(logLoss([{ label: "cat", pDog: 1e-20 }]), 1e-20, 1e-30);
});

Deno.test("logLoss() is the same with the classes swapped", () => {
  fc.assert(fc.property(predictions, (given) => {
    const swapped = given.map(({ label, pDog }): LabelledPrediction => ({
      label: label === "cat" ? "dog" : "cat",
      pDog: 1 - pDog,
    }));
    assertAlmostEquals(logLoss(given, { clip: 0.01 }), logLoss(swapped, { clip: 0.01 }), 1e-9);
  }));
});

Deno.test("logLoss() refuses no predictions, what is no probability, and a clip over a half", () => {
  assertThrows(() => logLoss([]), RangeError, "expected at least one prediction, got none");
  for (const pDog of [NaN, -0.1, 1.1]) {
    assertThrows(() => logLoss([{ label: "cat", pDog }]), RangeError, `between 0 and 1, got ${pDog}`);
  }
  assertThrows(() => logLoss([{ label: "cat", pDog: 0 }], { clip: 0.6 }), RangeError, "expected a clip");
});

Deno.test("predictedLabel() takes a tie for a cat", () => {
  assertEquals([0.49, 0.5, 0.51].map(predictedLabel), ["cat", "cat", "dog"]);
});

Deno.test("accuracy() counts the predictions on the right side", () => {
  assertEquals(
    accuracy([{ label: "cat", pDog: 0.5 }, { label: "dog", pDog: 0.5 }, { label: "dog", pDog: 0.9 }]),
    2 / 3,
  );
});

Deno.test("areaUnderRocCurve() is 1 where every dog is above every cat, 0 the other way round", () => {
  assertEquals(areaUnderRocCurve([{ label: "cat", pDog: 0.6 }, { label: "dog", pDog: 0.7 }]), 1);
  assertEquals(areaUnderRocCurve([{ label: "dog", pDog: 0.6 }, { label: "cat", pDog: 0.7 }]), 0);
});

Deno.test("areaUnderRocCurve() equals the share of pairs in the right order, ties counting half", () => {
  const coarse = fc.array(
    fc.record({
      label: fc.constantFrom("cat" as const, "dog" as const),
      pDog: fc.integer({ min: 0, max: 4 }).map((n) => n / 4),
    }),
    { minLength: 2, maxLength: 30 },
  ).filter((given) => new Set(given.map(({ label }) => label)).size === 2);
  fc.assert(fc.property(coarse, (given) => {
    const cats = given.filter(({ label }) => label === "cat");
    const dogs = given.filter(({ label }) => label === "dog");
    let right = 0;
    for (const dog of dogs) {
      for (const cat of cats) right += dog.pDog > cat.pDog ? 1 : dog.pDog === cat.pDog ? 0.5 : 0;
    }
    assertAlmostEquals(areaUnderRocCurve(given), right / (cats.length * dogs.length), 1e-12);
  }));
});

Deno.test("areaUnderRocCurve() refuses one class alone", () => {
  assertThrows(() => areaUnderRocCurve([{ label: "cat", pDog: 0.5 }]), RangeError, "got 1 cats and 0 dogs");
});
