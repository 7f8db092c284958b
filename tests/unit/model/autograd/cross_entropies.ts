import { assertAlmostEquals } from "@std/assert";
import { z } from "zod";
import goldens from "../../../golden/training/cross_entropy.json" with { type: "json" };

const Golden = z.object({
  logits: z.tuple([z.number(), z.number()]),
  label: z.union([z.literal(0), z.literal(1)]),
  loss: z.number(),
  p_dog: z.number(),
});

/** What PyTorch makes of logits of cat and dog, extreme ones included. */
export const CROSS_ENTROPIES = z.array(Golden).parse(goldens);

/** PyTorch computed in float32: its largest error is one part in 2^24 of the larger logit. */
export function assertAsInFloat32(actual: number, expected: number, largest: number): void {
  assertAlmostEquals(actual, expected, Math.max(largest, 1) * 2 ** -23);
}
