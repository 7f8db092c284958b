import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { rankedBy, worstDeviations } from "../../../../pipeline/outliers/outlier_signals.ts";

/** Photos that no signal finds odd: every signal spreads evenly around 0, each in an order of its own. */
const ORDINARY = 100;
const spread = (step: number) => Float64Array.from({ length: ORDINARY }, (_, k) => (k * step) % ORDINARY / 50 - 1);

/** Three signals over the ordinary photos, with the scores of odd photos behind them. */
function signals(odd: readonly (readonly [number, number, number])[]) {
  const [otherClass, distances, evidence] = [7, 11, 13].map((step, signal) =>
    Float64Array.from([...spread(step), ...odd.map((scores) => scores[signal])])
  );
  return { otherClass, distances, evidence };
}

const IDS = Array.from({ length: 2 * ORDINARY }, (_, k) => `dog.${k}.jpg`);

/** The first photos by their worst deviations, by number. */
function first(count: number, { otherClass, ...others }: ReturnType<typeof signals>): number[] {
  const deviations = worstDeviations(otherClass, others);
  return rankedBy(IDS.slice(0, deviations.length), deviations).slice(0, count).map((id) => IDS.indexOf(id));
}

Deno.test("worstDeviations() puts first what stands out by any signal, however many do so by one", () => {
  const wrongLabels = Array.from({ length: 20 }, (_, k) => [9 + k, 0, 0] as const);
  const odd = [...wrongLabels, [0, 30, 0], [0, 0, 30]] as const;
  // Taken in turn, the third of these places would be an ordinary photo that is merely the second farthest.
  assertEquals(first(22, signals(odd)).sort((a, b) => a - b), odd.map((_, k) => ORDINARY + k));
});

Deno.test("worstDeviations() does not ask in what unit a signal is", () =>
  fc.assert(fc.property(
    fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    fc.double({ min: -1e3, max: 1e3, noNaN: true }),
    fc.array(fc.tuple(fc.integer(), fc.integer(), fc.integer()), { maxLength: 5 }),
    (scale, shift, odd) => {
      const given = signals(odd);
      const distances = given.distances.map((distance) => scale * distance + shift);
      const [as, inUnits] = [given.distances, distances].map((distances) => first(5, { ...given, distances }));
      // Equal but for rounding: photos that stand out alike may change places.
      const worst = worstDeviations(given.otherClass, given);
      inUnits.forEach((photo, place) => assertAlmostEquals(worst[photo] / worst[as[place]], 1, 1e-6));
    },
  )));
