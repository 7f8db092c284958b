import type { Operation, Value } from "../../../../autograd/value.ts";
import { sizeOf } from "../../../../tensor.ts";
import { indented } from "../../kernels/lines.ts";
import { elementGrid, elementShader, shaderHeader } from "../../kernels/shader.ts";
import type { TileLimits } from "../../kernels/tile.ts";
import type { ElementWriter } from "./element_writer.ts";
import type { FusedShader } from "./fused_shader.ts";
import { indexExpression, stridesOf } from "./index_expression.ts";
import { workgroupGrid } from "./workgroup_grid.ts";

/** So many sums keep a GPU busy with an invocation each. */
const MANY_SUMS = 16384;
/** A sum of so few is not worth several invocations. */
const FEW_TERMS = 16;
const LARGEST_WORKGROUP = 256;
/** Sums side by side that a workgroup takes: as much as memory gives at once. */
const LARGEST_SIDE = 16;

/**
 * The kernel of a sum over axes. Few sums of many terms take several invocations each, whose sums are added in an order
 * that is always the same; neighbours read neighbours in memory.
 */
export function sumShader<Buffer>(
  { shape }: Value,
  { x, axes }: Extract<Operation, { kind: "sum" }>,
  writer: ElementWriter<Buffer>,
  limits: TileLimits,
): FusedShader<Buffer> {
  const strides = stridesOf(x.shape);
  const along = (isSummed: boolean) =>
    x.shape.flatMap((extent, axis) => (axes.includes(axis) === isSummed ? [{ extent, stride: strides[axis] }] : []));
  const [sums, terms] = [sizeOf(shape), sizeOf(x.shape) / sizeOf(shape)];
  const read = writer.read(x, "first + offset");
  const term = [`let offset = ${indexExpression("term", along(true))};`, `total += ${read};`];
  const first = `let first = ${indexExpression("i", along(false))};`;
  const { declarations, buffers } = writer.source();
  if (sums >= MANY_SUMS || terms <= FEW_TERMS) {
    const element = `fn element(i: u32) {
  if (i >= SUMS) { return; }
  ${first}
  var total = 0.0;
  for (var term = 0u; term < TERMS; term++) {
${indented(4, term)}
  }
  finish(i, total);
}
`;
    const constants = { SUMS: sums, TERMS: terms };
    return { code: elementShader(declarations + element, "f32", constants), buffers, grid: elementGrid(sums) };
  }
  const threads = Math.min(LARGEST_WORKGROUP, 2 ** Math.floor(Math.log2(limits.threads)));
  // The last axis is the one that lies side by side in memory.
  const isLastSummed = axes.includes(x.shape.length - 1);
  const side = isLastSummed ? 1 : Math.min(LARGEST_SIDE, 2 ** Math.ceil(Math.log2(sums)));
  const constants = { SUMS: sums, TERMS: terms, SIDE: side, LANES: threads / side };
  const code = `${shaderHeader("f32", constants)}${declarations}
var<workgroup> totals: array<f32, ${threads}>;

@compute @workgroup_size(${threads})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) local: u32,
) {
  let i = (workgroup.y * workgroups.x + workgroup.x) * SIDE + local % SIDE;
  var total = 0.0;
  if (i < SUMS) {
    ${first}
    for (var term = local / SIDE; term < TERMS; term += LANES) {
${indented(6, term)}
    }
  }
  totals[local] = total;
  for (var lanes = LANES / 2; lanes > 0; lanes /= 2) {
    workgroupBarrier();
    if (local < lanes * SIDE) { totals[local] += totals[local + lanes * SIDE]; }
  }
  if (local < SIDE && i < SUMS) { finish(i, totals[local]); }
}
`;
  return { code, buffers, grid: workgroupGrid(Math.ceil(sums / side)) };
}
