/** Something to time; a run gives its own milliseconds, so that a peer in another process can leave out the way there. */
export interface Timed {
  run(): Promise<number>;
}

/** A row that has been timed for this long is not timed again, once it has two runs. */
const LONG_ENOUGH_MS = 15_000;
const FEWEST_RUNS = 2;

/**
 * Times several things in turns, a run of each and then all over again, so that whatever else the machine does falls on
 * all of them alike. What takes long gets fewer runs.
 * @param runs how many each gets at most
 * @param longEnough milliseconds after which one gets no more
 * @returns the milliseconds of each, in order; none of one that failed, with its reason.
 */
export async function timeInTurns(
  things: readonly Timed[],
  runs: number,
  longEnough = LONG_ENOUGH_MS,
): Promise<(number[] | Error)[]> {
  const results: (number[] | Error)[] = things.map(() => []);
  for (let round = 0; round < runs; round++) {
    for (const [k, thing] of things.entries()) {
      const times = results[k];
      if (times instanceof Error) continue;
      const spent = times.reduce((sum, time) => sum + time, 0);
      if (times.length >= FEWEST_RUNS && spent >= longEnough) continue;
      try {
        times.push(await thing.run());
      } catch (error) {
        results[k] = error instanceof Error ? error : new Error(String(error));
      }
    }
  }
  return results;
}

/** Milliseconds that a piece of work takes on this side. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The middle of some runs, and the best and worst of them. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

/**
 * @throws RangeError when there are no values.
 */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError("Cannot take a median: expected at least one value, got none");
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  return { median, least: sorted[0], most: sorted[sorted.length - 1], runs: sorted.length };
}

/** The spread of `amount / time` for each time: rates, where the shortest time is the highest rate. */
export function ratesOf(amount: number, milliseconds: readonly number[]): Spread {
  return spreadOf(milliseconds.map((time) => amount / (time / 1000)));
}
