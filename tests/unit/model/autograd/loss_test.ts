import { assertAlmostEquals, assertThrows } from "@std/assert";
import { z } from "zod";
import goldens from "../../../golden/training/cross_entropy.json" with { type: "json" };
import { crossEntropies, dogProbabilities, meanCrossEntropy } from "../../../../model/autograd/loss.ts";
import { input } from "../../../../model/autograd/operations.ts";
import { tensor } from "../../../../model/tensor.ts";
import { interpret } from "./reference_interpreter.ts";

const Golden = z.object({
  logits: z.tuple([z.number(), z.number()]),
  label: z.union([z.literal(0), z.literal(1)]),
  loss: z.number(),
  p_dog: z.number(),
});

/** PyTorch computed in float32: its largest error is one part in 2^24 of the larger logit. */
function assertAsInFloat32(actual: number, expected: number, largest: number): void {
  assertAlmostEquals(actual, expected, Math.max(largest, 1) * 2 ** -23);
}

for (const { logits, label, loss, p_dog: pDog } of z.array(Golden).parse(goldens)) {
  const largest = Math.max(...logits.map(Math.abs));
  const given = tensor([1, 2], Float32Array.from(logits));

  Deno.test(`crossEntropies() and dogProbabilities() equal PyTorch's for [${logits}] and label ${label}`, () => {
    assertAsInFloat32(crossEntropies(given, Uint8Array.of(label))[0], loss, largest);
    assertAlmostEquals(dogProbabilities(given)[0], pDog, 1e-7);
  });

  Deno.test(`meanCrossEntropy() equals PyTorch's for [${logits}] and label ${label}`, () => {
    const mean = meanCrossEntropy(input("logits", [1, 2]), input("targets", [1, 2]));
    const inputs = new Map([
      ["logits", { shape: [1, 2], data: Float64Array.from(given.data) }],
      ["targets", { shape: [1, 2], data: Float64Array.of(1 - label, label) }],
    ]);
    assertAsInFloat32(interpret(mean, inputs).data[0], loss, largest);
  });
}

Deno.test("crossEntropies() is not a number where a logit is not", () => {
  const losses = crossEntropies(tensor([1, 2], Float32Array.of(NaN, 0)), Uint8Array.of(1));
  if (!Number.isNaN(losses[0])) throw new Error(`expected NaN, got ${losses[0]}`);
});

Deno.test("crossEntropies() refuses labels that are not as many as the logits", () => {
  const logits = tensor([2, 2], new Float32Array(4));
  assertThrows(() => crossEntropies(logits, Uint8Array.of(1)), RangeError, "expected [1, 2], got [2,2]");
});
