import type { PlacedValue } from "../plan/buffer_plan.ts";
import type { Pair } from "../../../networks/layers.ts";
import { groupsOf } from "../plan/channel_layout.ts";
import type { ConvolutionStep } from "../plan/device_steps.ts";
import { fetchSource } from "./fetch_source.ts";
import { indented, type Lines, range } from "./lines.ts";
import { type Grid, LARGEST_GRID, type Precision, shaderHeader } from "./shader.ts";
import {
  type GemmExtents,
  kernelLoads,
  sourceLoads,
  sourcePitch,
  squareOf,
  type Tile,
  tileGroups,
  tileRows,
  tileThreads,
} from "./tile.ts";

/** Where a convolution reads and writes. */
export interface ConvolutionPlaces {
  readonly input: PlacedValue;
  readonly output: PlacedValue;
  readonly residual?: PlacedValue;
}

/** A convolution of so many photos as a GEMM. */
export function gemmOf(
  { row }: ConvolutionStep,
  { input, output }: ConvolutionPlaces,
  photos: number,
): GemmExtents {
  return {
    rows: photos * output.shape.height * output.shape.width,
    groups: groupsOf(output.runs),
    depthGroups: row.kernel[0] * row.kernel[1] * groupsOf(input.runs),
  };
}

/**
 * The kernel of a convolution as an implicit GEMM: the matrix of windows is never written, its elements are
 * read from the picture as a tile needs them. Workgroup memory holds one step of the depth of both operands; the next
 * step's are fetched into registers while this one's are multiplied. Bias, residual and ReLU are done before the result
 * is written, into its place among the channels of a concatenation where it is part of one.
 *
 * The inner loops are written out, since WGSL has no way to ask for it and sums must stay in registers.
 *
 * Bindings: 1 the source, 2 the kernel (see `packKernel`), 3 the output, 4 the bias in 32 bits, 5 the residual,
 * and the flag of an overflow (see `OVERFLOW_BINDING`) where values are stored in 16 bits.
 * Start it with `convolutionGrid` workgroups.
 * Source: Chetlur et al., "cuDNN: Efficient Primitives for Deep Learning", arXiv:1410.0759, section 3; the tiling after
 * Volkov and Demmel, "Benchmarking GPUs to Tune Dense Linear Algebra", SC 2008.
 */
export function convolutionShader(
  step: ConvolutionStep,
  places: ConvolutionPlaces,
  tile: Tile,
  precision: Precision,
): string {
  const { input, output, residual } = places;
  const { kernel, stride, padding } = step.row;
  const gemm = gemmOf(step, places, 1);
  const square = squareOf(tile);
  const header = shaderHeader(precision, {
    INPUT_HEIGHT: input.shape.height,
    INPUT_WIDTH: input.shape.width,
    INPUT_GROUPS: groupsOf(input.runs),
    INPUT_STRIDE: input.stride,
    INPUT_OFFSET: input.offset,
    OUTPUT_HEIGHT: output.shape.height,
    OUTPUT_WIDTH: output.shape.width,
    OUTPUT_GROUPS: gemm.groups,
    OUTPUT_STRIDE: output.stride,
    OUTPUT_OFFSET: output.offset,
    RESIDUAL_STRIDE: residual?.stride ?? 0,
    RESIDUAL_OFFSET: residual?.offset ?? 0,
    KERNEL_WIDTH: kernel[1],
    DEPTH: gemm.depthGroups,
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
  const loads = range(sourceLoads(tile));
  const kernels = range(kernelLoads(tile));
  const rows = range(tile.rowsEach);
  const columns = range(tile.groupsEach);
  const source = fetchSource(step.row, gemm.depthGroups, groupsOf(input.runs), tile);
  const hasRest = gemm.depthGroups % tile.depthGroups > 0;
  // Once for all that an invocation writes, which keeps the shader short.
  const notes = precision === "f16";

  return `${header}
@group(0) @binding(1) var<storage, read> source: array<Stored>;
@group(0) @binding(2) var<storage, read> kernel: array<Stored>;
@group(0) @binding(3) var<storage, read_write> output: array<Stored>;
@group(0) @binding(4) var<storage, read> bias: array<vec4<f32>>;
${residual ? "@group(0) @binding(5) var<storage, read> residual: array<Stored>;" : ""}
// By depth and row; by depth, group of columns and invocation. In the loop every index but the last is a literal, so
// that what checks an index against its array does so before the loop.
var<workgroup> source_tile: array<array<vec4<f32>, SOURCE_PITCH>, TILE_DEPTH>;
var<workgroup> kernel_tile: array<array<array<vec4<f32>, COLUMN_THREADS>, GROUPS_EACH>, 4 * TILE_DEPTH>;

@compute @workgroup_size(${tileThreads(tile)})
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let rows = batch.photos * OUTPUT_HEIGHT * OUTPUT_WIDTH;
  let first_row = (workgroup.z * ${LARGEST_GRID}u + workgroup.y) * TILE_ROWS;
  if (first_row >= rows) { return; }
  let first_group = workgroup.x * TILE_GROUPS;

  // What this invocation brings into workgroup memory; rows and columns beyond the edge repeat the last one.
  let load_depth = local % TILE_DEPTH;
  let load_row = local / TILE_DEPTH;
${indented(2, [loads.map((k) => locateRow(k, stride, padding)), kernels.map(locateKernel)])}

  // What it computes. Invocations in lockstep are a square of rows and columns: they share the most operands.
  let square = local / (SQUARE_ROWS * SQUARE_COLUMNS);
  let place = local % (SQUARE_ROWS * SQUARE_COLUMNS);
  let column = place % SQUARE_COLUMNS + SQUARE_COLUMNS * (square % (COLUMN_THREADS / SQUARE_COLUMNS));
  let row = place / SQUARE_COLUMNS + SQUARE_ROWS * (square / (COLUMN_THREADS / SQUARE_COLUMNS));
${indented(2, rows.map((i) => `let row_at${i} = row + ${i} * ROW_THREADS;`))}
${indented(2, rows.map((i) => columns.map((j) => `var sum${i}_${j} = vec4<f32>();`)))}

${indented(2, source.before)}
  const STEPS = (DEPTH + TILE_DEPTH - 1) / TILE_DEPTH;
  for (var step = 0u; step <= STEPS; step++) {
    if (step > 0) {
${indented(6, [loads.map(storeSource), kernels.map(storeKernel)])}
    }
    workgroupBarrier();
    if (step < STEPS) {
${indented(6, [source.each, kernels.map((k) => fetchKernel(k, hasRest))])}
    }
    if (step > 0) {
${indented(6, range(tile.depthGroups).map((depth) => multiply(depth, rows, columns)))}
    }
    workgroupBarrier();
  }

  ${notes ? "var most = vec4<u32>();" : ""}
${indented(2, rows.map((i) => columns.map((j) => writeSum(i, j, step, { residual: residual !== undefined, notes }))))}
  ${notes ? "note_magnitude(most);" : ""}
}
`;
}

/** The window of a row that is loaded: its corner in the picture, and where that lies in the source. */
function locateRow(k: number, stride: Pair, padding: Pair): Lines {
  return [
    `let row${k} = min(first_row + load_row + ${k} * (THREADS / TILE_DEPTH), rows - 1);`,
    `let y${k} = i32(row${k} / OUTPUT_WIDTH % OUTPUT_HEIGHT * ${stride[0]}) - ${padding[0]};`,
    `let x${k} = i32(row${k} % OUTPUT_WIDTH * ${stride[1]}) - ${padding[1]};`,
    `let photo${k} = row${k} / (OUTPUT_WIDTH * OUTPUT_HEIGHT);`,
    `let corner${k} = (i32(photo${k} * INPUT_HEIGHT) + y${k}) * i32(INPUT_WIDTH) + x${k};`,
    `var source${k}: Stored;`,
  ];
}

function locateKernel(k: number): Lines {
  return [
    `let kernel_depth${k} = (local + ${k} * THREADS) / TILE_GROUPS;`,
    `let tile_group${k} = (local + ${k} * THREADS) % TILE_GROUPS;`,
    `let kernel_group${k} = min(first_group + tile_group${k}, OUTPUT_GROUPS - 1);`,
    `var kernel${k}: Stored;`,
  ];
}

/** @param hasRest whether the last step goes beyond the depth's end, where the kernel counts as zero */
function fetchKernel(k: number, hasRest: boolean): Lines {
  const depth = `step * TILE_DEPTH * 4 + kernel_depth${k}`;
  const read = `kernel${k} = kernel[(${depth}) * OUTPUT_GROUPS + kernel_group${k}];`;
  return hasRest ? [`kernel${k} = Stored();`, `if (${depth} < DEPTH * 4) { ${read} }`] : [read];
}

function storeSource(k: number): string {
  return `source_tile[load_depth][load_row + ${k} * (THREADS / TILE_DEPTH)] = vec4<f32>(source${k});`;
}

function storeKernel(k: number): string {
  const place = `[kernel_depth${k}][tile_group${k} / COLUMN_THREADS][tile_group${k} % COLUMN_THREADS]`;
  return `kernel_tile${place} = vec4<f32>(kernel${k});`;
}

/** A group of four depths: its products with all rows and columns of this invocation. */
export function multiply(depth: number, rows: readonly number[], columns: readonly number[]): Lines {
  const lanes = ["x", "y", "z", "w"].map((component, lane) => {
    const at = 4 * depth + lane;
    return [
      columns.map((j) => `let k${at}_${j} = kernel_tile[${at}][${j}][column];`),
      rows.map((i) =>
        columns.map((j) => `sum${i}_${j} = fma(vec4<f32>(s${depth}_${i}.${component}), k${at}_${j}, sum${i}_${j});`)
      ),
    ];
  });
  return [rows.map((i) => `let s${depth}_${i} = source_tile[${depth}][row_at${i}];`), lanes];
}

function writeSum(
  i: number,
  j: number,
  { bias, relu }: ConvolutionStep,
  { residual, notes }: { readonly residual: boolean; readonly notes: boolean },
): Lines {
  return [
    "{",
    `  let at_row = first_row + row_at${i};`,
    `  let at_group = first_group + column + ${j} * COLUMN_THREADS;`,
    "  if (at_row < rows && at_group < OUTPUT_GROUPS) {",
    `    var value = sum${i}_${j};`,
    bias ? ["    value += bias[at_group];"] : [],
    residual ? ["    value += vec4<f32>(residual[at_row * RESIDUAL_STRIDE + RESIDUAL_OFFSET + at_group]);"] : [],
    notes ? ["    most = max(most, magnitude(value));"] : [],
    relu ? ["    value = max(value, vec4<f32>());"] : [],
    "    output[at_row * OUTPUT_STRIDE + OUTPUT_OFFSET + at_group] = Stored(value);",
    "  }",
    "}",
  ];
}

/** Workgroups along columns and rows: neighbours read the same rows. What one dimension cannot hold goes on in z. */
export function convolutionGrid({ rows, groups }: GemmExtents, tile: Tile): Grid {
  const rowTiles = Math.ceil(rows / tileRows(tile));
  return [Math.ceil(groups / tileGroups(tile)), Math.min(rowTiles, LARGEST_GRID), Math.ceil(rowTiles / LARGEST_GRID)];
}
