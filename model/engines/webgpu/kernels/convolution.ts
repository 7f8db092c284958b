import type { PlacedValue } from "../buffer_plan.ts";
import { groupsOf } from "../channel_layout.ts";
import type { ConvolutionStep } from "../device_steps.ts";
import { type Precision, type Shader, shaderHeader } from "./shader.ts";
import {
  kernelLoads,
  type ProductExtents,
  sourceLoads,
  sourcePitch,
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

/** A convolution of so many photos as a matrix product. */
export function productOf(
  { row }: ConvolutionStep,
  { input, output }: ConvolutionPlaces,
  photos: number,
): ProductExtents {
  return {
    rows: photos * output.shape.height * output.shape.width,
    groups: groupsOf(output.runs),
    depthGroups: row.kernel[0] * row.kernel[1] * groupsOf(input.runs),
  };
}

/**
 * The kernel of a convolution as an implicit matrix product: the matrix of windows is never written, its elements are
 * read from the picture as a tile needs them. Workgroup memory holds one step of the depth of both operands; the next
 * step's are fetched into registers while this one's are multiplied. Bias, residual and ReLU are done before the result
 * is written, into its place among the channels of a concatenation where it is part of one.
 *
 * The inner loops are written out, since WGSL has no way to ask for it and sums must stay in registers.
 *
 * Bindings: 1 the source, 2 the kernel (see `packKernel`), 3 the output, 4 the bias in 32 bits, 5 the residual.
 * Start it with `convolutionGrid` workgroups.
 * Source: Chetlur et al., "cuDNN: Efficient Primitives for Deep Learning", arXiv:1410.0759, section 3; the tiling after
 * Volkov and Demmel, "Benchmarking GPUs to Tune Dense Linear Algebra", SC 2008.
 */
export function convolutionShader(
  step: ConvolutionStep,
  places: ConvolutionPlaces,
  tile: Tile,
  precision: Precision,
): Shader {
  const { input, output, residual } = places;
  const { kernel, stride, padding } = step.row;
  const product = productOf(step, places, 1);
  const header = shaderHeader(precision, {
    INPUT_HEIGHT: input.shape.height,
    INPUT_WIDTH: input.shape.width,
    INPUT_GROUPS: groupsOf(input.runs),
    INPUT_STRIDE: input.stride,
    INPUT_OFFSET: input.offset,
    OUTPUT_HEIGHT: output.shape.height,
    OUTPUT_WIDTH: output.shape.width,
    OUTPUT_GROUPS: product.groups,
    OUTPUT_STRIDE: output.stride,
    OUTPUT_OFFSET: output.offset,
    RESIDUAL_STRIDE: residual?.stride ?? 0,
    RESIDUAL_OFFSET: residual?.offset ?? 0,
    KERNEL_WIDTH: kernel[1],
    DEPTH: product.depthGroups,
    TILE_ROWS: tileRows(tile),
    TILE_GROUPS: tileGroups(tile),
    TILE_DEPTH: tile.depthGroups,
    THREADS: tileThreads(tile),
    ROW_THREADS: tile.rowThreads,
    COLUMN_THREADS: tile.columnThreads,
    SOURCE_PITCH: sourcePitch(tile),
  });
  const isPointwise = kernel[0] * kernel[1] === 1;
  const reachesOutside = padding[0] > 0 || padding[1] > 0;
  const hasRest = product.depthGroups % tile.depthGroups > 0;
  const loads = range(sourceLoads(tile));
  const kernels = range(kernelLoads(tile));
  const rows = range(tile.rowsEach);
  const columns = range(tile.groupsEach);

  const fetchSource = loads.map((k) => {
    const pixel = isPointwise ? `corner${k}` : `corner${k} + i32(tap_y * INPUT_WIDTH + tap_x)`;
    const read = `source[u32(${pixel}) * INPUT_STRIDE + INPUT_OFFSET + channel_group]`;
    if (!reachesOutside) return `source${k} = ${read};`;
    return `source${k} = Stored();
      if (u32(y${k} + i32(tap_y)) < INPUT_HEIGHT && u32(x${k} + i32(tap_x)) < INPUT_WIDTH) { source${k} = ${read}; }`;
  });
  const tap = isPointwise ? "let channel_group = depth;" : `let tap = depth / INPUT_GROUPS;
      let channel_group = depth - tap * INPUT_GROUPS;
      let tap_y = tap / KERNEL_WIDTH;
      let tap_x = tap - tap_y * KERNEL_WIDTH;`;
  // Beyond the depth's end the source is read again at its last group, and counts nothing: the kernel is zero there.
  const depth = hasRest ? "min(step * TILE_DEPTH + load_depth, DEPTH - 1)" : "step * TILE_DEPTH + load_depth";
  const fetchKernel = kernels.map((k) => {
    const read = `kernel[(step * TILE_DEPTH * 4 + kernel_depth${k}) * OUTPUT_GROUPS + kernel_group${k}]`;
    if (!hasRest) return `kernel${k} = ${read};`;
    return `kernel${k} = Stored();
      if (step * TILE_DEPTH * 4 + kernel_depth${k} < DEPTH * 4) { kernel${k} = ${read}; }`;
  });
  const fetch = `{
      let depth = ${depth};
      ${tap}
      ${fetchSource.join("\n      ")}
      ${fetchKernel.join("\n      ")}
    }`;

  const code = `${header}
@group(0) @binding(1) var<storage, read> source: array<Stored>;
@group(0) @binding(2) var<storage, read> kernel: array<Stored>;
@group(0) @binding(3) var<storage, read_write> output: array<Stored>;
@group(0) @binding(4) var<storage, read> bias: array<vec4<f32>>;
${residual ? "@group(0) @binding(5) var<storage, read> residual: array<Stored>;" : ""}
var<workgroup> source_tile: array<vec4<f32>, ${tile.depthGroups * sourcePitch(tile)}>;
var<workgroup> kernel_tile: array<vec4<f32>, ${tile.depthGroups * 4 * tileGroups(tile)}>;

@compute @workgroup_size(${tileThreads(tile)})
fn main(@builtin(workgroup_id) workgroup: vec3<u32>, @builtin(local_invocation_index) local: u32) {
  let rows = batch.photos * OUTPUT_HEIGHT * OUTPUT_WIDTH;
  let first_row = workgroup.y * TILE_ROWS;
  let first_group = workgroup.x * TILE_GROUPS;
  // What this invocation brings into workgroup memory; rows and columns beyond the edge repeat the last one.
  let load_depth = local % TILE_DEPTH;
  let load_row = local / TILE_DEPTH;
  ${
    loads.map((k) =>
      `let row${k} = min(first_row + load_row + ${k} * (THREADS / TILE_DEPTH), rows - 1);
  let y${k} = i32(row${k} / OUTPUT_WIDTH % OUTPUT_HEIGHT * ${stride[0]}) - ${padding[0]};
  let x${k} = i32(row${k} % OUTPUT_WIDTH * ${stride[1]}) - ${padding[1]};
  let corner${k} = (i32(row${k} / (OUTPUT_WIDTH * OUTPUT_HEIGHT) * INPUT_HEIGHT) + y${k}) * i32(INPUT_WIDTH) + x${k};
  var source${k}: Stored;`
    ).join("\n  ")
  }
  ${
    kernels.map((k) =>
      `let kernel_depth${k} = (local + ${k} * THREADS) / TILE_GROUPS;
  let kernel_group${k} = min(first_group + (local + ${k} * THREADS) % TILE_GROUPS, OUTPUT_GROUPS - 1);
  var kernel${k}: Stored;`
    ).join("\n  ")
  }
  let column = local % COLUMN_THREADS;
  let row = local / COLUMN_THREADS;
  ${rows.map((i) => columns.map((j) => `var sum${i}_${j} = vec4<f32>();`).join(" ")).join("\n  ")}

  const STEPS = (DEPTH + TILE_DEPTH - 1) / TILE_DEPTH;
  for (var step = 0u; step <= STEPS; step++) {
    if (step > 0) {
      ${
    loads.map((k) =>
      `source_tile[load_depth * SOURCE_PITCH + load_row + ${k} * (THREADS / TILE_DEPTH)] = vec4<f32>(source${k});`
    ).join("\n      ")
  }
      ${kernels.map((k) => `kernel_tile[local + ${k} * THREADS] = vec4<f32>(kernel${k});`).join("\n      ")}
    }
    workgroupBarrier();
    if (step < STEPS) ${fetch}
    if (step > 0) {
      for (var depth = 0u; depth < TILE_DEPTH; depth++) {
        ${
    rows.map((i) => `let s${i} = source_tile[depth * SOURCE_PITCH + row + ${i} * ROW_THREADS];`).join("\n        ")
  }
        ${range(4).map((lane) => multiplyLane(lane, rows, columns)).join("\n        ")}
      }
    }
    workgroupBarrier();
  }

  ${rows.map((i) => columns.map((j) => writeSum(i, j, step, residual !== undefined)).join("\n  ")).join("\n  ")}
}
`;
  return { code, workgroup: tileThreads(tile) };
}

/** One of a group's four depths: its products with all rows and columns of this invocation. */
function multiplyLane(lane: number, rows: readonly number[], columns: readonly number[]): string {
  const kernels = columns.map((j) =>
    `let k${lane}_${j} = kernel_tile[(depth * 4 + ${lane}) * TILE_GROUPS + column + ${j} * COLUMN_THREADS];`
  );
  const component = "xyzw"[lane];
  const products = rows.flatMap((i) =>
    columns.map((j) => `sum${i}_${j} = fma(vec4<f32>(s${i}.${component}), k${lane}_${j}, sum${i}_${j});`)
  );
  return [...kernels, ...products].join("\n        ");
}

function writeSum(i: number, j: number, { bias, relu }: ConvolutionStep, hasResidual: boolean): string {
  const lines = [
    `let at_row = first_row + row + ${i} * ROW_THREADS;`,
    `let at_group = first_group + column + ${j} * COLUMN_THREADS;`,
    "if (at_row < rows && at_group < OUTPUT_GROUPS) {",
    `  var value = sum${i}_${j};`,
    ...(bias ? ["  value += bias[at_group];"] : []),
    ...(hasResidual ? ["  value += vec4<f32>(residual[at_row * RESIDUAL_STRIDE + RESIDUAL_OFFSET + at_group]);"] : []),
    ...(relu ? ["  value = max(value, vec4<f32>());"] : []),
    "  output[at_row * OUTPUT_STRIDE + OUTPUT_OFFSET + at_group] = Stored(value);",
    "}",
  ];
  return `{\n    ${lines.join("\n    ")}\n  }`;
}

/** Workgroups along columns and rows: neighbours read the same rows. */
export function convolutionGrid({ rows, groups }: ProductExtents, tile: Tile): [number, number] {
  return [Math.ceil(groups / tileGroups(tile)), Math.ceil(rows / tileRows(tile))];
}

function range(length: number): number[] {
  return Array.from({ length }, (_, k) => k);
}
