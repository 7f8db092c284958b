/** Extents, the slowest axis first. */
export type Shape = readonly number[];

/** Functions of one number, applied to every element. */
export type UnaryKind = "relu" | "sign" | "exp" | "log" | "sqrt";

/** Functions of two numbers, with broadcasting as in NumPy; `greaterOrEqual` gives 1 where it holds and else 0. */
export type BinaryKind = "add" | "subtract" | "multiply" | "divide" | "maximum" | "greaterOrEqual";

/**
 * One operation of a training graph. There are few of them, and every executor knows them all: whatever training needs
 * is composed of these, its gradients included.
 */
export type Operation =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "constant"; readonly data: Float32Array }
  | { readonly kind: UnaryKind; readonly x: Value }
  | { readonly kind: BinaryKind; readonly a: Value; readonly b: Value }
  | {
    readonly kind: "matMul";
    readonly a: Value;
    readonly b: Value;
    readonly transposeA: boolean;
    readonly transposeB: boolean;
  }
  | { readonly kind: "sum"; readonly x: Value; readonly axes: readonly number[] }
  | { readonly kind: "reshape"; readonly x: Value }
  | { readonly kind: "transpose"; readonly x: Value; readonly permutation: readonly number[] }
  | { readonly kind: "slice"; readonly x: Value; readonly axis: number; readonly start: number; readonly end: number }
  | { readonly kind: "concatenate"; readonly parts: readonly Value[]; readonly axis: number }
  | { readonly kind: "gatherRows"; readonly x: Value; readonly rows: Int32Array; readonly fill: number }
  | { readonly kind: "detach"; readonly x: Value };

/**
 * A tensor that a graph computes: what computes it, and its shape. Values refer to the values that they are computed
 * from, so a value is a whole graph; two uses of one value share its computation.
 */
export interface Value {
  readonly operation: Operation;
  readonly shape: Shape;
}

/** The values that an operation reads, in order. */
export function operandsOf({ operation }: Value): readonly Value[] {
  if ("x" in operation) return [operation.x];
  if ("a" in operation) return [operation.a, operation.b];
  return operation.kind === "concatenate" ? operation.parts : [];
}

/** Every value that the outputs need, each once, operands before the values that read them. */
export function inOrder(outputs: Iterable<Value>): Value[] {
  const ordered = new Set<Value>();
  const visit = (value: Value) => {
    if (ordered.has(value)) return;
    for (const operand of operandsOf(value)) visit(operand);
    ordered.add(value);
  };
  for (const output of outputs) visit(output);
  return [...ordered];
}
