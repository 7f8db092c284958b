/**
 * How far values lie over their median, in units of the median absolute deviation times 1.4826, which is the standard
 * deviation for normal values and does not move with outliers (Rousseeuw and Croux, 1993).
 */
export function robustDeviations(values: Float64Array): Float64Array {
  const middle = median(values);
  const scale = 1.4826 * median(values.map((value) => Math.abs(value - middle)));
  return values.map((value) => (scale > 0 ? (value - middle) / scale : 0));
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
