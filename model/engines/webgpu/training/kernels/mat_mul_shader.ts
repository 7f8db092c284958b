import type { Operation, Value } from "../../../../autograd/value.ts";
import { sizeOf } from "../../../../tensor.ts";
import { multiply } from "../../kernels/convolution.ts";
import { indented, type Lines, range } from "../../kernels/lines.ts";
import { shaderHeader } from "../../kernels/shader.ts";
import {
  type GemmExtents,
  kernelLoads,
  rankTiles,
  sourceLoads,
  sourcePitch,
  squareOf,
  tileGroups,
  type TileLimits,
  tileRows,
  tilesWithin,
  tileThreads,
} from "../../kernels/tile.ts";
import type { ElementWriter } from "./element_writer.ts";
import type { FusedShader } from "./fused_shader.ts";
import { reductionShader } from "./reduction_shader.ts";
import { workgroupGrid } from "./workgroup_grid.ts";

const LANES = ["x", "y", "z", "w"] as const;

/** Multiplications with additions that are too few to bring operands into workgroup memory first. */
const FEW_PRODUCTS = 2 ** 20;

/**
 * The kernel of a matmul in any of its transposed forms, of matrices of any size, or batches of them. Small ones are
 * sums like any others.
 */
export function matMulShader<Buffer>(
  value: Value,
  operation: MatMul,
  writer: ElementWriter<Buffer>,
  limits: TileLimits,
): FusedShader<Buffer> {
  const extents = extentsOf(value, operation);
  const { rows, columns, depth, matrices } = extents;
  if (rows * columns * depth * matrices >= FEW_PRODUCTS) return tiledMatMulShader(extents, operation, writer, limits);
  const { a, b } = elementsOf(extents, operation, writer);
  const reduction = {
    sums: rows * columns * matrices,
    terms: depth,
    areTermsAdjacent: !operation.transposeA && operation.transposeB,
    before: [
      `let matrix = i / ${rows * columns}u;`,
      `let row = i / ${columns}u % ${rows}u;`,
      `let column = i % ${columns}u;`,
    ],
    term: `${a("term")} * ${b("term")}`,
  };
  return reductionShader(reduction, writer, limits);
}

type MatMul = Extract<Operation, { kind: "matMul" }>;

interface Extents {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly matrices: number;
}

function extentsOf({ shape }: Value, { a, transposeA }: MatMul): Extents {
  const [rows, columns] = shape.slice(-2);
  const depth = a.shape[a.shape.length - (transposeA ? 2 : 1)];
  return { rows, columns, depth, matrices: sizeOf(shape.slice(0, -2)) };
}

/** Expressions for elements of both operands by `matrix`, `row`, `column` and a depth. */
function elementsOf<Buffer>(
  { rows, columns, depth: whole }: Extents,
  { a, b, transposeA, transposeB }: MatMul,
  writer: ElementWriter<Buffer>,
) {
  const from = ({ shape }: Value, size: number) => (shape.length > 2 ? `matrix * ${size}u + ` : "");
  return {
    a: (depth: string) =>
      writer.read(
        a,
        `${from(a, rows * whole)}${transposeA ? `(${depth}) * ${rows}u + row` : `row * ${whole}u + ${depth}`}`,
      ),
    b: (depth: string) =>
      writer.read(
        b,
        `${from(b, columns * whole)}${
          transposeB ? `column * ${whole}u + ${depth}` : `(${depth}) * ${columns}u + column`
        }`,
      ),
  };
}

/**
 * The convolutions' tiles and their inner loop (see `convolutionShader`) over operands that are read element by element.
 * Elements beyond the depth's end count as zero; rows and columns beyond the edge repeat the last one and are not stored.
 */
function tiledMatMulShader<Buffer>(
  extents: Extents,
  operation: MatMul,
  writer: ElementWriter<Buffer>,
  limits: TileLimits,
): FusedShader<Buffer> {
  const { rows, columns, depth, matrices } = extents;
  const { transposeA, transposeB } = operation;
  const gemm: GemmExtents = { rows, groups: Math.ceil(columns / 4), depthGroups: Math.ceil(depth / 4) };
  const [tile] = rankTiles(tilesWithin(limits), gemm);
  const square = squareOf(tile);
  const rowTiles = Math.ceil(rows / tileRows(tile));
  const columnTiles = Math.ceil(gemm.groups / tileGroups(tile));
  const header = shaderHeader("f32", {
    ROWS: rows,
    COLUMNS: columns,
    DEPTH: depth,
    MATRICES: matrices,
    ROW_TILES: rowTiles,
    COLUMN_TILES: columnTiles,
    TILE_ROWS: tileRows(tile),
    TILE_GROUPS: tileGroups(tile),
    TILE_DEPTH: tile.depthGroups,
    THREADS: tileThreads(tile),
    ROW_THREADS: tile.rowThreads,
    COLUMN_THREADS: tile.columnThreads,
    GROUPS_EACH: tile.groupsEach,
    SQUARE_ROWS: square.rows,
    SQUARE_COLUMNS: square.columns,
    SOURCE_PITCH: sourcePitch(tile),
  });
  const element = elementsOf(extents, operation, writer);
  const [elementA, elementB] = [element.a("depth"), element.b("depth")];
  const { declarations, buffers } = writer.source();
  const loads = range(sourceLoads(tile));
  const kernels = range(kernelLoads(tile));
  const eachRow = range(tile.rowsEach);
  const eachGroup = range(tile.groupsEach);

  const code = `${header}${declarations}
// By depth and row; by depth, group of columns and invocation (see the convolution).
var<workgroup> source_tile: array<array<vec4<f32>, SOURCE_PITCH>, TILE_DEPTH>;
var<workgroup> kernel_tile: array<array<array<vec4<f32>, COLUMN_THREADS>, GROUPS_EACH>, 4 * TILE_DEPTH>;

fn element_a(matrix: u32, row: u32, depth: u32) -> f32 { return ${elementA}; }
fn element_b(matrix: u32, depth: u32, column: u32) -> f32 { return ${elementB}; }

// Four of a row's elements, from a depth on.
fn fetch_a(matrix: u32, at_row: u32, depth: u32) -> vec4<f32> {
  let row = min(at_row, ROWS - 1);
  var four = vec4<f32>();
${
    indented(
      2,
      LANES.map((lane, k) => `if (depth + ${k} < DEPTH) { four.${lane} = element_a(matrix, row, depth + ${k}); }`),
    )
  }
  return four;
}

// A depth's elements of four columns.
fn fetch_b(matrix: u32, depth: u32, group: u32) -> vec4<f32> {
  var four = vec4<f32>();
  if (depth < DEPTH) {
${indented(4, LANES.map((lane, k) => `four.${lane} = element_b(matrix, depth, min(4 * group + ${k}, COLUMNS - 1));`))}
  }
  return four;
}

@compute @workgroup_size(${tileThreads(tile)})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let number = workgroup.y * workgroups.x + workgroup.x;
  let matrix = number / (ROW_TILES * COLUMN_TILES);
  if (matrix >= MATRICES) { return; }
  let first_row = number / COLUMN_TILES % ROW_TILES * TILE_ROWS;
  let first_group = number % COLUMN_TILES * TILE_GROUPS;

  // What this invocation brings into workgroup memory: neighbours bring what lies side by side.
${indented(2, [loads.map((k) => locateA(k, transposeA)), kernels.map((k) => locateB(k, transposeB))])}

  // What it computes: see the convolution.
  let square = local / (SQUARE_ROWS * SQUARE_COLUMNS);
  let place = local % (SQUARE_ROWS * SQUARE_COLUMNS);
  let column = place % SQUARE_COLUMNS + SQUARE_COLUMNS * (square % (COLUMN_THREADS / SQUARE_COLUMNS));
  let row = place / SQUARE_COLUMNS + SQUARE_ROWS * (square / (COLUMN_THREADS / SQUARE_COLUMNS));
${indented(2, eachRow.map((i) => `let row_at${i} = row + ${i} * ROW_THREADS;`))}
${indented(2, eachRow.map((i) => eachGroup.map((j) => `var sum${i}_${j} = vec4<f32>();`)))}

  const STEPS = (DEPTH + 4 * TILE_DEPTH - 1) / (4 * TILE_DEPTH);
  for (var step = 0u; step <= STEPS; step++) {
    if (step > 0) {
${indented(6, [loads.map((k) => `source_tile[depth_a${k}][row_a${k}] = a${k};`), kernels.map(storeB)])}
    }
    workgroupBarrier();
    if (step < STEPS) {
${
    indented(
      6,
      loads.map((k) => `a${k} = fetch_a(matrix, first_row + row_a${k}, 4 * (step * TILE_DEPTH + depth_a${k}));`),
    )
  }
${
    indented(
      6,
      kernels.map((k) => `b${k} = fetch_b(matrix, 4 * step * TILE_DEPTH + depth_b${k}, first_group + group_b${k});`),
    )
  }
    }
    if (step > 0) {
${indented(6, range(tile.depthGroups).map((at) => multiply(at, eachRow, eachGroup)))}
    }
    workgroupBarrier();
  }

${indented(2, eachRow.map((i) => eachGroup.map((j) => finishSum(i, j))))}
}

fn finish_four(matrix: u32, row: u32, group: u32, sums: vec4<f32>) {
  if (row >= ROWS) { return; }
  let i = (matrix * ROWS + row) * COLUMNS + 4 * group;
${indented(2, LANES.map((lane, k) => `if (4 * group + ${k} < COLUMNS) { finish(i + ${k}, sums.${lane}); }`))}
}
`;
  return { code, buffers, grid: workgroupGrid(matrices * rowTiles * columnTiles) };
}

function locateA(k: number, isTransposed: boolean): Lines {
  const number = `(local + ${k} * THREADS)`;
  return [
    `let depth_a${k} = ${isTransposed ? `${number} / TILE_ROWS` : `${number} % TILE_DEPTH`};`,
    `let row_a${k} = ${isTransposed ? `${number} % TILE_ROWS` : `${number} / TILE_DEPTH`};`,
    `var a${k}: vec4<f32>;`,
  ];
}

function locateB(k: number, isTransposed: boolean): Lines {
  const number = `(local + ${k} * THREADS)`;
  return [
    `let depth_b${k} = ${isTransposed ? `${number} % (4 * TILE_DEPTH)` : `${number} / TILE_GROUPS`};`,
    `let group_b${k} = ${isTransposed ? `${number} / (4 * TILE_DEPTH)` : `${number} % TILE_GROUPS`};`,
    `var b${k}: vec4<f32>;`,
  ];
}

function storeB(k: number): string {
  return `kernel_tile[depth_b${k}][group_b${k} / COLUMN_THREADS][group_b${k} % COLUMN_THREADS] = b${k};`;
}

function finishSum(i: number, j: number): string {
  return `finish_four(matrix, first_row + row_at${i}, first_group + column + ${j} * COLUMN_THREADS, sum${i}_${j});`;
}
