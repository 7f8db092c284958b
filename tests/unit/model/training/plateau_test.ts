import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { z } from "zod";
import goldens from "../../../golden/training/plateau.json" with { type: "json" };
import { initialPlateau, type PlateauOptions, PlateauState, stepPlateau } from "../../../../model/training/plateau.ts";

const INITIAL_RATE = 0.001;
const Golden = z.object({
  name: z.string(),
  options: z.strictObject({
    patience: z.number(),
    factor: z.number().optional(),
    cooldown: z.number().optional(),
    min_lr: z.number().optional(),
  }),
  metrics: z.array(z.union([z.number(), z.literal("nan").transform(() => NaN)])),
  lr: z.array(z.number()),
});

function factors(losses: readonly number[], options: PlateauOptions): number[] {
  let state = initialPlateau();
  return losses.map((loss) => {
    state = stepPlateau(state, loss, options);
    return state.factor;
  });
}

for (const { name, options, metrics, lr } of z.array(Golden).parse(goldens)) {
  Deno.test(`stepPlateau() lowers the rate when PyTorch does: ${name}`, () => {
    const { patience, factor, cooldown, min_lr: lowest } = options;
    const actual = factors(metrics, {
      patience,
      ...factor === undefined ? {} : { reduction: factor },
      ...cooldown === undefined ? {} : { cooldown },
      ...lowest === undefined ? {} : { lowestFactor: lowest / INITIAL_RATE },
    });
    assertEquals(actual.length, lr.length);
    for (const [epoch, rate] of lr.entries()) assertAlmostEquals(actual[epoch] * INITIAL_RATE, rate, rate * 1e-12);
  });
}

Deno.test("stepPlateau() never raises the factor and never goes under the lowest", () => {
  const losses = fc.array(fc.oneof(fc.double({ min: 0, max: 2 }), fc.constant(NaN), fc.constant(Infinity)));
  fc.assert(fc.property(losses, fc.nat(3), fc.nat(2), (given, patience, cooldown) => {
    const trace = [1, ...factors(given, { patience, cooldown, lowestFactor: 0.02 })];
    for (const [epoch, factor] of trace.slice(1).entries()) {
      if (!(factor <= trace[epoch] && factor >= 0.02)) throw new Error(`got ${trace}`);
    }
  }));
});

Deno.test("stepPlateau() goes on from a state that went through JSON", () => {
  const losses = [NaN, 1, 1.1, 1.2, 1.3, 0.5, 0.6, 0.7, 0.8, 0.9];
  let state = initialPlateau();
  for (const [epoch, loss] of losses.entries()) {
    state = PlateauState.parse(JSON.parse(JSON.stringify(stepPlateau(state, loss, { patience: 2 }))));
    assertEquals(state.factor, factors(losses, { patience: 2 })[epoch]);
  }
});
