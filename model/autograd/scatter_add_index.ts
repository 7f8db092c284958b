/** For each row of a matrix, where a list of row numbers names it. */
export interface ReadersOfRows {
  /** How often the row that is named most often is named. */
  readonly most: number;
  /** `[count, most]`: positions in the list, filled up with -1. */
  readonly rows: Int32Array;
}

/**
 * Inverts a list of row numbers: the gradient of gathering rows is gathering what was read of each row, and summing it.
 * @param list row numbers from 0 to `count - 1`; -1 names none.
 */
export function readersOfRows(list: Int32Array, count: number): ReadersOfRows {
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
