/**
 * How a convolution's GEMM is cut up. Its rows are output pixels, its columns output channels, its depth the
 * taps times the input channels. A workgroup computes a tile of rows and columns and goes through the depth step by
 * step; an invocation keeps its part of the tile in registers.
 */
export interface Tile {
  /** Invocations of a workgroup along the rows and along the columns. */
  readonly rowThreads: number;
  readonly columnThreads: number;
  /** Rows, and groups of four columns, that an invocation computes. */
  readonly rowsEach: number;
  readonly groupsEach: number;
  /** Groups of four of the depth in one step. */
  readonly depthGroups: number;
}

export function tileRows({ rowThreads, rowsEach }: Tile): number {
  return rowThreads * rowsEach;
}

/** Groups of four columns. */
export function tileGroups({ columnThreads, groupsEach }: Tile): number {
  return columnThreads * groupsEach;
}

export function tileThreads({ rowThreads, columnThreads }: Tile): number {
  return rowThreads * columnThreads;
}

/** The workgroup memory that a tile takes, in bytes: both operands of one step in 32 bits. */
export function tileBytes(tile: Tile): number {
  const vector = 16;
  return vector * tile.depthGroups * (sourcePitch(tile) + 4 * tileGroups(tile));
}

/**
 * Vectors between two depths of the source in workgroup memory. Invocations side by side write all depths of a row, then
 * of the next: with this many to spare, eight of them fall on different banks (eight vectors span all banks).
 */
export function sourcePitch(tile: Tile): number {
  const banks = 8;
  return tileRows(tile) + Math.ceil(banks / tile.depthGroups);
}

/** Invocations that run in lockstep on most cards. */
const LOCKSTEP = 32;

/** The rows and columns of invocations in lockstep. */
export function squareOf({ columnThreads }: Tile): { rows: number; columns: number } {
  const columns = Math.min(8, columnThreads);
  return { rows: LOCKSTEP / columns, columns };
}

/**
 * The 32-bit registers that an invocation cannot do without: its sums, one step's operands, the next step's on their
 * way, and addresses. An estimate: the driver decides.
 */
export function tileRegisters(tile: Tile): number {
  const { rowsEach, groupsEach } = tile;
  const sums = 4 * rowsEach * groupsEach;
  const operands = 4 * rowsEach + 4 * groupsEach;
  const underway = 4 * (sourceLoads(tile) + kernelLoads(tile));
  return sums + operands + underway + 4 * sourceLoads(tile) + 12;
}

/** Vectors of the source that an invocation brings into workgroup memory in one step. */
export function sourceLoads(tile: Tile): number {
  return tileRows(tile) * tile.depthGroups / tileThreads(tile);
}

/** The same of the kernel. */
export function kernelLoads(tile: Tile): number {
  return 4 * tile.depthGroups * tileGroups(tile) / tileThreads(tile);
}

/** What a tile may take on a device. */
export interface TileLimits {
  readonly workgroupBytes: number;
  readonly threads: number;
}

/** From the largest to the smallest; every one shares its loads out evenly. */
const TILES: readonly Tile[] = [
  { rowThreads: 16, columnThreads: 16, rowsEach: 8, groupsEach: 2, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 8, rowsEach: 8, groupsEach: 3, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 16, rowsEach: 8, groupsEach: 1, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 16, rowsEach: 4, groupsEach: 2, depthGroups: 8 },
  { rowThreads: 16, columnThreads: 16, rowsEach: 4, groupsEach: 2, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 8, rowsEach: 8, groupsEach: 2, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 4, rowsEach: 8, groupsEach: 3, depthGroups: 4 },
  { rowThreads: 8, columnThreads: 16, rowsEach: 8, groupsEach: 1, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 16, rowsEach: 4, groupsEach: 1, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 8, rowsEach: 4, groupsEach: 1, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 8, rowsEach: 8, groupsEach: 1, depthGroups: 4 },
  { rowThreads: 8, columnThreads: 8, rowsEach: 8, groupsEach: 2, depthGroups: 4 },
  { rowThreads: 8, columnThreads: 16, rowsEach: 4, groupsEach: 1, depthGroups: 4 },
  { rowThreads: 8, columnThreads: 8, rowsEach: 4, groupsEach: 1, depthGroups: 4 },
  { rowThreads: 8, columnThreads: 8, rowsEach: 4, groupsEach: 2, depthGroups: 8 },
  { rowThreads: 8, columnThreads: 8, rowsEach: 2, groupsEach: 1, depthGroups: 8 },
];

/** The tiles that a device can run. */
export function tilesWithin({ workgroupBytes, threads }: TileLimits): Tile[] {
  return TILES.filter((tile) => tileBytes(tile) <= workgroupBytes && tileThreads(tile) <= threads);
}

/** A GEMM's extents: rows, groups of four columns, groups of four of the depth. */
export interface GemmExtents {
  readonly rows: number;
  readonly groups: number;
  readonly depthGroups: number;
}

/** Invocations that keep a large GPU busy: about four lots in lockstep for each of its schedulers. */
const THREADS_WANTED = 65536;

/**
 * Tiles from the most to the least promising for a GEMM: little computed beyond its edges, enough workgroups to keep
 * a GPU busy, few loads for each multiplication. A guess to start a search from, or to do without one.
 */
export function rankTiles(tiles: readonly Tile[], gemm: GemmExtents): Tile[] {
  const cost = (tile: Tile) => {
    const workgroups = Math.ceil(gemm.rows / tileRows(tile)) * Math.ceil(gemm.groups / tileGroups(tile));
    const computed = workgroups * tileRows(tile) * tileGroups(tile);
    const idle = Math.max(1, THREADS_WANTED / (workgroups * tileThreads(tile)));
    const loads = 1 / (4 * tile.groupsEach) + 1 / tile.rowsEach;
    return computed * Math.sqrt(idle) * (1 + loads);
  };
  return tiles.toSorted((a, b) => cost(a) - cost(b));
}
