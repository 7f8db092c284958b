/** A ranking, best first, and how often it has its turn: 1 for every round, 2 for every second one, ... */
export interface RankingWithTurns<T> {
  readonly ranking: readonly T[];
  readonly everyRounds: number;
}

/**
 * One ranking out of several, in turn: in each round each ranking whose turn it is puts its next item behind those that
 * are there already, unless it is one of them. What any ranking has near its top stays near the top, however differently
 * their scores are distributed.
 * @returns every item once
 * @throws RangeError when a turn is not a whole number of rounds
 */
export function mergeRankings<T>(rankings: readonly RankingWithTurns<T>[]): T[] {
  for (const { everyRounds } of rankings) {
    if (Number.isInteger(everyRounds) && everyRounds > 0) continue;
    throw new RangeError(`Cannot merge rankings: expected turns every 1, 2, ... rounds, got ${everyRounds}`);
  }
  const rounds = Math.max(0, ...rankings.map(({ ranking, everyRounds }) => ranking.length * everyRounds));
  const merged = new Set<T>();
  for (let round = 0; round < rounds; round++) {
    for (const { ranking, everyRounds } of rankings) {
      const place = round / everyRounds;
      if (Number.isInteger(place) && place < ranking.length) merged.add(ranking[place]);
    }
  }
  return [...merged];
}
