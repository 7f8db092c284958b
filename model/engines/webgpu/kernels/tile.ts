/**
 * How a convolution's matrix product is cut up. Its rows are output pixels, its columns output channels, its depth the
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

/** The workgroup memory that a tile takes, in bytes: both operands of one step in 32 bits, rows with one to spare. */
export function tileBytes(tile: Tile): number {
  const vector = 16;
  return vector * tile.depthGroups * (sourcePitch(tile) + 4 * tileGroups(tile));
}

/** Vectors between two depths of the source in workgroup memory: one more than rows, to spread them over the banks. */
export function sourcePitch(tile: Tile): number {
  return tileRows(tile) + 1;
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
  { rowThreads: 16, columnThreads: 16, rowsEach: 8, groupsEach: 1, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 16, rowsEach: 4, groupsEach: 2, depthGroups: 4 },
  { rowThreads: 16, columnThreads: 8, rowsEach: 8, groupsEach: 2, depthGroups: 4 },
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

/** A product's extents: rows, groups of four columns, groups of four of the depth. */
export interface ProductExtents {
  readonly rows: number;
  readonly groups: number;
  readonly depthGroups: number;
}

/** Workgroups that keep a large GPU busy: about four for each of the largest ones' processors. */
const WORKGROUPS_WANTED = 512;

/**
 * Tiles from the most to the least promising for a product: little computed beyond its edges, enough workgroups to keep
 * a GPU busy, few loads for each multiplication. A guess to start a search from, or to do without one.
 */
export function rankTiles(tiles: readonly Tile[], product: ProductExtents): Tile[] {
  const cost = (tile: Tile) => {
    const workgroups = Math.ceil(product.rows / tileRows(tile)) * Math.ceil(product.groups / tileGroups(tile));
    const computed = workgroups * tileRows(tile) * tileGroups(tile);
    const idle = Math.max(1, WORKGROUPS_WANTED / workgroups);
    const loads = 1 / (4 * tile.groupsEach) + 1 / tile.rowsEach;
    return computed * Math.sqrt(idle) * (1 + loads);
  };
  return tiles.toSorted((a, b) => cost(a) - cost(b));
}
