import type { Value } from "../../../../autograd/value.ts";
import { sizeOf } from "../../../../tensor.ts";
import { elementGrid, elementShader, type Grid } from "../../kernels/shader.ts";
import type { TileLimits } from "../../kernels/tile.ts";
import type { FusedKernel } from "../plan/fused_kernels.ts";
import type { Held } from "../plan/graph_plan.ts";
import type { Views } from "../plan/views.ts";
import { ElementWriter } from "./element_writer.ts";
import { matMulShader } from "./mat_mul_shader.ts";
import { sumShader } from "./sum_shader.ts";

/** A kernel as a device takes it. */
export interface FusedShader<Buffer> {
  readonly code: string;
  /** What binding 1 and those after it hold. */
  readonly buffers: readonly Buffer[];
  readonly grid: Grid;
}

/** Writes a kernel. Numbers are read, computed and stored in 32 bits. */
export function fusedShader<Buffer>(
  kernel: FusedKernel,
  views: Views,
  bufferOf: (held: Held) => Buffer,
  limits: TileLimits,
): FusedShader<Buffer> {
  const writer = new ElementWriter(kernel, views, bufferOf);
  const { root } = kernel;
  if (root?.operation.kind === "matMul") return matMulShader(root, root.operation, writer, limits);
  if (root?.operation.kind === "sum") return sumShader(root, root.operation, writer, limits);
  return elementsShader(kernel.members[0], writer);
}

function elementsShader<Buffer>({ shape }: Value, writer: ElementWriter<Buffer>): FusedShader<Buffer> {
  const { declarations, buffers } = writer.source();
  const element = "fn element(i: u32) {\n  if (i < SIZE) { finish(i, 0.0); }\n}\n";
  const size = sizeOf(shape);
  return { code: elementShader(declarations + element, "f32", { SIZE: size }), buffers, grid: elementGrid(size) };
}
