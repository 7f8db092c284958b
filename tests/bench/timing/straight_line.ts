/** A straight line through points, and how far it misses them. */
export interface StraightLine {
  readonly offset: number;
  readonly slope: number;
  /** The largest distance of a point from the line, as a share of the point's own value. */
  readonly worst: number;
}

/**
 * The line of least squares through some points.
 * @throws RangeError when there are fewer than two different places.
 */
export function lineThrough(points: readonly (readonly [place: number, value: number])[]): StraightLine {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [place, value] = [mean(([x]) => x), mean(([, y]) => y)];
  const spread = mean(([x]) => (x - place) ** 2);
  if (!(spread > 0)) {
    throw new RangeError(`Cannot draw a line: expected two places or more, got ${points.length} points`);
  }
  const slope = mean(([x, y]) => (x - place) * (y - value)) / spread;
  const offset = value - slope * place;
  return { offset, slope, worst: Math.max(...points.map(([x, y]) => Math.abs(offset + slope * x - y) / Math.abs(y))) };
}
