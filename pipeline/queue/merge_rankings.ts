/**
 * One ranking out of several, in turn: in each round each ranking puts its next item behind those that are there already,
 * unless it is one of them. What any ranking has near its top stays near the top, however differently their scores are
 * distributed.
 * @param rankings each the best first
 * @returns every item once
 */
export function mergeRankings<T>(rankings: readonly (readonly T[])[]): T[] {
  const rounds = Math.max(0, ...rankings.map(({ length }) => length));
  const merged = new Set<T>();
  for (let place = 0; place < rounds; place++) {
    for (const ranking of rankings) if (place < ranking.length) merged.add(ranking[place]);
  }
  return [...merged];
}
