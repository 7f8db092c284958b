/** For each row of a matrix the rows of a gradient that are to be added into it. */
export interface ScatterAddIndex {
  /** How often the row that is named most often is named. */
  readonly most: number;
  /** `[count, most]`: positions in the list that was gathered by, filled up with -1. */
  readonly rows: Int32Array;
}

/**
 * Inverts a list of row numbers, so that scatter-add, which not every executor has, becomes gather and sum: the gradient of gathering rows is gathering what was read of each row, and summing it.
 * @param list row numbers from 0 to `count - 1`; -1 names none.
 */
export function scatterAddIndex(list: Int32Array, count: number): ScatterAddIndex {
  const times = new Int32Array(count);
  for (const row of list) if (row >= 0) times[row]++;
  const most = times.reduce((largest, time) => Math.max(largest, time), 1);
  const rows = new Int32Array(count * most).fill(-1);
  const filled = new Int32Array(count);
  for (const [position, row] of list.entries()) {
    if (row >= 0) rows[row * most + filled[row]++] = position;
  }
  return { most, rows };
}
