import { indented, type Lines } from "../../kernels/lines.ts";
import { elementGrid, elementShader, shaderHeader } from "../../kernels/shader.ts";
import type { TileLimits } from "../../kernels/tile.ts";
import type { ElementWriter } from "./element_writer.ts";
import type { FusedShader } from "./fused_shader.ts";
import { workgroupGrid } from "./workgroup_grid.ts";

/** Many sums of as many terms. */
export interface Reduction {
  readonly sums: number;
  readonly terms: number;
  /** Whether the terms of a sum lie side by side in memory, and not those of neighbouring sums. */
  readonly areTermsAdjacent: boolean;
  /** WGSL: what is known of the sum number `i`. */
  readonly before: Lines;
  /** An expression for the term number `term` of the sum. */
  readonly term: string;
}

/** So many sums keep a GPU busy with an invocation each. */
const MANY_SUMS = 16384;
/** A sum of so few is not worth several invocations. */
const FEW_TERMS = 16;
const LARGEST_WORKGROUP = 256;
/** Sums side by side that a workgroup takes: as much as memory gives at once. */
const LARGEST_SIDE = 16;

/**
 * The kernel of sums, with what follows from each. Few sums of many terms take several invocations each, whose sums are
 * added in an order that is always the same; neighbours read neighbours in memory.
 */
export function reductionShader<Buffer>(
  { sums, terms, areTermsAdjacent, before, term }: Reduction,
  writer: ElementWriter<Buffer>,
  limits: TileLimits,
): FusedShader<Buffer> {
  const { declarations, buffers } = writer.source();
  if (sums >= MANY_SUMS || terms <= FEW_TERMS) {
    const element = `fn element(i: u32) {
  if (i >= SUMS) { return; }
${indented(2, before)}
  var total = 0.0;
  for (var term = 0u; term < TERMS; term++) { total += ${term}; }
  finish(i, total);
}
`;
    const constants = { SUMS: sums, TERMS: terms };
    return { code: elementShader(declarations + element, "f32", constants), buffers, grid: elementGrid(sums) };
  }
  const threads = Math.min(LARGEST_WORKGROUP, 2 ** Math.floor(Math.log2(limits.threads)));
  const side = areTermsAdjacent ? 1 : Math.min(LARGEST_SIDE, 2 ** Math.ceil(Math.log2(sums)));
  const header = shaderHeader("f32", { SUMS: sums, TERMS: terms, SIDE: side, LANES: threads / side });
  const code = `${header}${declarations}
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
${indented(4, before)}
    for (var term = local / SIDE; term < TERMS; term += LANES) { total += ${term}; }
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
