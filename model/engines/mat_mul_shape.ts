import type { Tensor } from "../tensor.ts";

/**
 * The extents of a matmul `a b^T`: those of `a`, `[m, k]`, then `n` of `b`, `[n, k]`.
 * @throws RangeError when the two are not matrices of equally long rows.
 */
export function matMulShape(a: Tensor, b: Tensor): { m: number; n: number; k: number } {
  const [m, k] = a.shape;
  const [n, width] = b.shape;
  if (a.shape.length === 2 && b.shape.length === 2 && width === k) return { m, n, k };
  throw new RangeError(
    `Cannot multiply matrices: expected [m, k] and [n, k], got [${a.shape.join(", ")}] and [${b.shape.join(", ")}]`,
  );
}
