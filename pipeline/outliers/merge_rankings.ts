/**
 * One ranking out of several, each best first: in each round each of them puts its next item behind those that are there
 * already, unless it is one of them. What any ranking has near its top stays near the top, however differently their
 * scores are distributed.
 * @returns every item once
 */
export function mergeRankings<T>(rankings: readonly (readonly T[])[]): T[] {
  const rounds = Math.max(0, ...rankings.map((ranking) => ranking.length));
  const merged = new Set<T>();
  for (let round = 0; round < rounds; round++) {
    for (const ranking of rankings) {
      if (round < ranking.length) merged.add(ranking[round]);
    }
  }
  return [...merged];
}
