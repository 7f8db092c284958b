import { add, input, matMul, multiply, slice, subtract } from "../../../autograd/operations.ts";
import type { Value } from "../../../autograd/value.ts";
import { sizeOf } from "../../../tensor.ts";

/** Some rows of a tensor of the state, which a graph reads and gives back by a name of their own. */
export interface RowBlock {
  readonly name: string;
  /** The tensor's name. */
  readonly of: string;
  readonly start: number;
  readonly end: number;
}

/** Values of a block: 2 MB, so that all that an update reads and writes for one stays in the processor's cache. */
const VALUES_A_BLOCK = 1 << 19;

/** A step's update, and the blocks among what it reads and gives. */
export interface BlockedUpdate {
  readonly nextState: ReadonlyMap<string, Value>;
  readonly blocks: readonly RowBlock[];
}

/**
 * Rewrites a step's update so that large matrices are updated some rows at a time: gradient, momentum and parameter
 * follow each other while the rows are in the cache, where whole matrices would go through memory for each operation.
 * Every row is computed as before.
 * @param nextState what the tensors of the state become, by name.
 * @param most the values of a block.
 */
export function updateInBlocks(nextState: ReadonlyMap<string, Value>, most: number = VALUES_A_BLOCK): BlockedUpdate {
  const next = new Map<string, Value>();
  const blocks = new Map<string, RowBlock>();
  const written = new Map<string, Rows>();
  for (const [of, value] of nextState) {
    const [count, width = 0] = value.shape;
    const atOnce = Math.max(1, Math.floor(most / width));
    if (value.shape.length !== 2 || count <= atOnce) {
      next.set(of, value);
      continue;
    }
    for (let start = 0; start < count; start += atOnce) {
      const end = Math.min(start + atOnce, count);
      const key = `${start} to ${end} of ${count}`;
      const rows = written.get(key) ?? new Rows(start, end, blocks);
      written.set(key, rows);
      next.set(rows.block(of), rows.of(value));
    }
  }
  return { nextState: next, blocks: [...blocks.values()] };
}

/** The same rows of one value after another. */
class Rows {
  readonly #values = new Map<Value, Value>();

  /** @param blocks takes the blocks that are read or named. */
  constructor(readonly start: number, readonly end: number, readonly blocks: Map<string, RowBlock>) {}

  /** The name of these rows of a tensor of the state. */
  block(of: string): string {
    const name = `${of}[${this.start}:${this.end}]`;
    this.blocks.set(name, { name, of, start: this.start, end: this.end });
    return name;
  }

  /** These rows of a value; of a number, which is the same for all rows, the number. */
  of(value: Value): Value {
    const found = this.#values.get(value) ?? this.#write(value);
    this.#values.set(value, found);
    return found;
  }

  #write(value: Value): Value {
    const { operation, shape } = value;
    if (sizeOf(shape) === 1) return value;
    switch (operation.kind) {
      case "input":
        return input(this.block(operation.name), shape.with(0, this.end - this.start));
      case "add":
        return this.#each(value, operation, add);
      case "subtract":
        return this.#each(value, operation, subtract);
      case "multiply":
        return this.#each(value, operation, multiply);
      case "reshape":
        return operation.x.shape.join() === shape.join() ? this.of(operation.x) : this.#slice(value);
      case "matMul": {
        const { a, b, transposeA, transposeB } = operation;
        if (shape.length !== 2) return this.#slice(value);
        return matMul(slice(a, transposeA ? 1 : 0, this.start, this.end), b, { transposeA, transposeB });
      }
      default:
        return this.#slice(value);
    }
  }

  /** An operation on each value, where the operands have its rows or are numbers. */
  #each(value: Value, { a, b }: { readonly a: Value; readonly b: Value }, operation: (a: Value, b: Value) => Value) {
    const fit = [a, b].every(({ shape }) => sizeOf(shape) === 1 || shape.join() === value.shape.join());
    return fit ? operation(this.of(a), this.of(b)) : this.#slice(value);
  }

  #slice(value: Value): Value {
    return slice(value, 0, this.start, this.end);
  }
}
