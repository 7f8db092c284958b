import { sizeOf } from "../../../../tensor.ts";
import { operandsOf, type Value } from "../../../../autograd/value.ts";

/**
 * Which values of a graph are only views: another value's numbers under other indices. No kernel computes them, whoever
 * reads them reads through. Constants that hold one number everywhere are that number.
 */
export class Views {
  readonly #uniform = new Map<Value, number>();
  readonly #viewed = new Map<Value, Value>();

  /** @param order operands before the values that read them. */
  constructor(order: readonly Value[]) {
    for (const value of order) {
      const viewed = this.#viewedBy(value);
      if (viewed) this.#viewed.set(value, viewed);
      const uniform = viewed && value.operation.kind !== "gatherRows" ? this.#uniform.get(viewed) : uniformOf(value);
      if (uniform !== undefined) this.#uniform.set(value, uniform);
    }
  }

  /** The number that a value holds everywhere, where it is known beforehand. */
  uniform(value: Value): number | undefined {
    return this.#uniform.get(value);
  }

  /** What a view shows; nothing where the value is none. */
  viewed(value: Value): Value | undefined {
    return this.#viewed.get(value);
  }

  /** What lies under a value's views: the value itself where it is none. */
  base(value: Value): Value {
    const viewed = this.#viewed.get(value);
    return viewed ? this.base(viewed) : value;
  }

  /** Whether a view shows the elements of what it views under the indices that they have there. */
  keepsIndices(view: Value): boolean {
    const viewed = this.#viewed.get(view);
    const { kind } = view.operation;
    const moves = kind === "slice" || kind === "transpose" || kind === "gatherRows";
    return viewed !== undefined && !moves && sizeOf(view.shape) === sizeOf(viewed.shape);
  }

  /** Whether a value's elements have the indices that they have in its base. */
  isStraight(value: Value): boolean {
    const viewed = this.#viewed.get(value);
    return viewed === undefined || (this.keepsIndices(value) && this.isStraight(viewed));
  }

  /** Whether a value holds none of its base's numbers twice. */
  readsOnce(value: Value): boolean {
    const viewed = this.#viewed.get(value);
    if (!viewed) return true;
    const repeats = value.operation.kind === "gatherRows" || sizeOf(value.shape) > sizeOf(viewed.shape);
    return !repeats && this.readsOnce(viewed);
  }

  #viewedBy({ operation }: Value): Value | undefined {
    switch (operation.kind) {
      case "reshape":
      case "detach":
      case "slice":
      case "transpose":
      case "gatherRows":
        return operation.x;
      case "multiply":
        if (this.#uniform.get(operation.b) === 1) return operation.a;
        return this.#uniform.get(operation.a) === 1 ? operation.b : undefined;
      default:
        return undefined;
    }
  }
}

/** Shaders have no literals for what is not finite. */
function uniformOf({ operation }: Value): number | undefined {
  if (operation.kind !== "constant") return undefined;
  const [first] = operation.data;
  return Number.isFinite(first) && operation.data.every((value) => value === first) ? first : undefined;
}

/** Whether a value is there before a graph runs. */
export function isSource({ operation: { kind } }: Value): boolean {
  return kind === "input" || kind === "constant";
}

/** Whether a kernel computes each element of a value from the elements of its operands at the same index. */
export function isElementwise(value: Value): boolean {
  const { kind } = value.operation;
  return operandsOf(value).length > 0 && kind !== "matMul" && kind !== "sum" && kind !== "concatenate";
}
