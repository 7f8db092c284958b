import { sizeOf } from "../tensor.ts";
import { operandsOf, type Value } from "./value.ts";

/** `product(a, b) + factor * addend` of matrices: what BLAS calls GEMM. */
export interface GeneralProduct {
  readonly a: Value;
  readonly b: Value;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly addend?: Value;
  readonly factor: number;
}

/**
 * Finds the matrix products of a graph and the sums that they can take over, so that these cost no pass of their own
 * over memory: a bias, the other part of a gradient, and momentum (`momentum * velocity + gradient`).
 * @param values operands before the values that read them.
 * @param outputs values that have to stand on their own.
 * @returns the general product of each value that one computes; nothing reads what the products took over.
 */
export function generalProducts(
  values: readonly Value[],
  outputs: ReadonlySet<Value>,
): Map<Value, GeneralProduct> {
  const readers = new Map<Value, number>();
  for (const operand of values.flatMap(operandsOf)) readers.set(operand, (readers.get(operand) ?? 0) + 1);
  const isReadOnce = (value: Value) => readers.get(value) === 1 && !outputs.has(value);
  const products = new Map<Value, GeneralProduct>();
  for (const value of values) {
    const { operation, shape } = value;
    if (operation.kind === "matMul" && operation.a.shape.length === 2 && operation.b.shape.length === 2) {
      products.set(value, { ...operation, factor: 0 });
    }
    if (operation.kind !== "add") continue;
    for (const [sum, addend] of [[operation.a, operation.b], [operation.b, operation.a]]) {
      const product = products.get(sum);
      if (!product || product.addend || !isReadOnce(sum) || sum.shape.join() !== shape.join()) continue;
      const scaled = isReadOnce(addend) ? scaledValue(addend) : undefined;
      products.set(value, { ...product, addend: scaled?.value ?? addend, factor: scaled?.factor ?? 1 });
      break;
    }
  }
  return products;
}

/** A value times a constant number, taken apart. */
function scaledValue({ operation }: Value): { value: Value; factor: number } | undefined {
  if (operation.kind !== "multiply" || operation.b.operation.kind !== "constant") return undefined;
  return sizeOf(operation.b.shape) === 1 ? { value: operation.a, factor: operation.b.operation.data[0] } : undefined;
}
