/** Values over a photo that is divided into rows and columns, all of one size. */
export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** `[rows, columns]`. */
  readonly values: Float64Array;
}

export function emptyGrid(rows: number, columns: number): Grid {
  return { rows, columns, values: new Float64Array(rows * columns) };
}

/**
 * Adds the values of another grid over the same photo: what a cell of it holds is divided among the cells that it lies
 * over, by area. Sums stay the same.
 */
export function addGrid(grid: Grid, other: Grid): void {
  const down = overlaps(other.rows, grid.rows);
  const across = overlaps(other.columns, grid.columns);
  for (const { from: row, to: toRow, share: shareOfRow } of down) {
    for (const { from: column, to: toColumn, share } of across) {
      grid.values[toRow * grid.columns + toColumn] += other.values[row * other.columns + column] * shareOfRow * share;
    }
  }
}

/** How much of each of `from` equal parts of a length lies in each of `to` other equal parts of it. */
function overlaps(from: number, to: number) {
  const found: { readonly from: number; readonly to: number; readonly share: number }[] = [];
  for (let k = 0; k < from; k++) {
    for (let j = Math.floor((k * to) / from); j * from < (k + 1) * to; j++) {
      const share = Math.min((k + 1) / from, (j + 1) / to) - Math.max(k / from, j / to);
      if (share > 0) found.push({ from: k, to: j, share: share * from });
    }
  }
  return found;
}
