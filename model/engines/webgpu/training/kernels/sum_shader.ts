import type { Operation, Value } from "../../../../autograd/value.ts";
import { sizeOf } from "../../../../tensor.ts";
import type { TileLimits } from "../../kernels/tile.ts";
import type { ElementWriter } from "./element_writer.ts";
import type { FusedShader } from "./fused_shader.ts";
import { indexExpression, stridesOf } from "./index_expression.ts";
import { reductionShader } from "./reduction_shader.ts";

/** The kernel of a sum over axes. */
export function sumShader<Buffer>(
  { shape }: Value,
  { x, axes }: Extract<Operation, { kind: "sum" }>,
  writer: ElementWriter<Buffer>,
  limits: TileLimits,
): FusedShader<Buffer> {
  const strides = stridesOf(x.shape);
  const along = (isSummed: boolean) =>
    x.shape.flatMap((extent, axis) => (axes.includes(axis) === isSummed ? [{ extent, stride: strides[axis] }] : []));
  const sums = sizeOf(shape);
  const reduction = {
    sums,
    terms: sizeOf(x.shape) / sums,
    areTermsAdjacent: axes.includes(x.shape.length - 1),
    before: [`let first = ${indexExpression("i", along(false))};`],
    term: writer.read(x, `first + ${indexExpression("term", along(true))}`),
  };
  return reductionShader(reduction, writer, limits);
}
