import { operandsOf, type Operation, type Shape, type Value } from "../../../../autograd/value.ts";
import { sizeOf } from "../../../../tensor.ts";
import type { FusedKernel } from "../plan/fused_kernels.ts";
import type { Held } from "../plan/graph_plan.ts";
import type { Views } from "../plan/views.ts";
import { indexExpression, stridesOf } from "./index_expression.ts";

/** Declarations of a kernel's WGSL, and what it binds, from binding 1 on. */
export interface ElementSource<Buffer> {
  readonly declarations: string;
  readonly buffers: readonly Buffer[];
}

/**
 * `relu` and `maximum` keep what is no number, which WGSL's `max` need not. It is told by its bits: compilers may take for
 * granted that floats are numbers.
 */
const OPERATIONS = `fn is_nan(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
fn relu(x: f32) -> f32 { return select(max(x, 0.0), x, is_nan(x)); }
fn maximum(a: f32, b: f32) -> f32 { return select(b, a, a >= b || is_nan(a)); }
fn greater_or_equal(a: f32, b: f32) -> f32 { return select(0.0, 1.0, a >= b); }
`;

const NO_LOCALS: ReadonlyMap<Value, string> = new Map();

/**
 * Writes WGSL functions that give a value's elements by their indices, and what is done with each element of a kernel.
 * A view is another index, an inlined operation an expression: a sum or a matmul reads through windows, slices and
 * transpositions that are never written to memory.
 */
export class ElementWriter<Buffer> {
  readonly #bindings = new Map<Buffer, { readonly access: "read" | "read_write"; readonly type: "f32" | "i32" }>();
  readonly #functions: string[] = [];
  readonly #readers = new Map<Value, string>();
  readonly #reads: ReadonlySet<Value>;

  /** @param bufferOf the buffer that holds something; one that holds several things is bound once. */
  constructor(
    readonly kernel: FusedKernel,
    readonly views: Views,
    readonly bufferOf: (held: Held) => Buffer,
  ) {
    this.#reads = new Set(kernel.reads);
    for (const value of kernel.stored) this.#bind({ kind: "stored", value });
  }

  /**
   * An expression for an element of a value.
   * @param index an expression of type `u32`
   * @param locals names of what is known at that index already
   */
  read(value: Value, index: string, locals = NO_LOCALS): string {
    const uniform = this.views.uniform(value);
    if (uniform !== undefined) return literal(uniform);
    const local = locals.get(this.views.base(value));
    if (local !== undefined) return local;
    if (this.#reads.has(value)) return `${this.#bind({ kind: "read", value })}[${index}]`;
    const viewed = this.views.viewed(value);
    if (viewed && this.views.keepsIndices(value)) return this.read(viewed, index, locals);
    if (index === "i" && this.kernel.inlined.has(value)) return `(${this.#applied(value, locals)})`;
    return `${this.#reader(value)}(${index})`;
  }

  /**
   * Adds `fn finish(i: u32, root: f32)`, which computes the kernel's members at one index and stores what is to be
   * stored. All is read before anything is written: some of it lies in the same place.
   */
  source(): ElementSource<Buffer> {
    const { root, members, stored } = this.kernel;
    const locals = new Map<Value, string>(root ? [[root, "root"]] : []);
    const lines: string[] = [];
    for (const [k, member] of members.entries()) {
      lines.push(`  let member${k} = ${this.#member(member, locals)};`);
      locals.set(member, `member${k}`);
    }
    for (const value of stored) {
      lines.push(`  ${this.#bind({ kind: "stored", value })}[i] = ${locals.get(value)};`);
    }
    const finish = `fn finish(i: u32, root: f32) {\n${lines.join("\n")}\n}`;
    const bindings = [...this.#bindings.values()].map(({ access, type }, k) => {
      return `@group(0) @binding(${k + 1}) var<storage, ${access}> buffer${k}: array<${type}>;`;
    });
    return {
      declarations: `${OPERATIONS}${[...bindings, ...this.#functions, finish].join("\n")}\n`,
      buffers: [...this.#bindings.keys()],
    };
  }

  /** The name of a binding. */
  #bind(held: Held): string {
    const buffer = this.bufferOf(held);
    const type = held.kind === "rows" ? "i32" : "f32";
    if (held.kind === "stored") this.#bindings.set(buffer, { access: "read_write", type });
    else if (!this.#bindings.has(buffer)) this.#bindings.set(buffer, { access: "read", type });
    return `buffer${[...this.#bindings.keys()].indexOf(buffer)}`;
  }

  /** A member at index `i`. */
  #member(member: Value, locals: ReadonlyMap<Value, string>): string {
    const isStored = this.views.viewed(member) === undefined && operandsOf(member).length > 0;
    if (!isStored) return this.read(member, "i");
    return member.operation.kind === "concatenate" ? `${this.#reader(member)}(i)` : this.#applied(member, locals);
  }

  /** The name of a function from an index to the element of a value. */
  #reader(value: Value): string {
    const known = this.#readers.get(value);
    if (known !== undefined) return known;
    const body = this.#body(value).map((line) => `  ${line}\n`).join("");
    const name = `value${this.#readers.size}`;
    this.#functions.push(`fn ${name}(i: u32) -> f32 {\n${body}}`);
    this.#readers.set(value, name);
    return name;
  }

  #body(value: Value): string[] {
    const { operation, shape } = value;
    const viewed = this.views.viewed(value);
    switch (operation.kind) {
      case "slice": {
        const strides = stridesOf(operation.x.shape);
        const axes = shape.map((extent, axis) => ({ extent, stride: strides[axis] }));
        const offset = operation.start * strides[operation.axis];
        return [`return ${this.read(operation.x, indexExpression("i", axes, offset))};`];
      }
      case "transpose": {
        const strides = stridesOf(operation.x.shape);
        const axes = operation.permutation.map((from, axis) => ({ extent: shape[axis], stride: strides[from] }));
        return [`return ${this.read(operation.x, indexExpression("i", axes))};`];
      }
      case "gatherRows":
        return this.#gathered(value, operation);
      case "concatenate":
        return this.#concatenated(operation);
    }
    if (viewed) return [`return ${this.read(viewed, broadcastIndex(viewed.shape, shape))};`];
    return [`return ${this.#applied(value, NO_LOCALS)};`];
  }

  #gathered(value: Value, { x, rows, fill }: Extract<Operation, { kind: "gatherRows" }>): string[] {
    const [, columns] = x.shape;
    return [
      `let row = ${this.#bind({ kind: "rows", value })}[i / ${columns}u];`,
      ...rows.includes(-1) ? [`if (row < 0) { return ${literal(fill)}; }`] : [],
      `return ${this.read(x, `u32(row) * ${columns}u + i % ${columns}u`)};`,
    ];
  }

  #concatenated({ parts, axis }: Extract<Operation, { kind: "concatenate" }>): string[] {
    const widths = parts.map(({ shape }) => shape.slice(axis).reduce((product, extent) => product * extent, 1));
    const whole = widths.reduce((sum, width) => sum + width, 0);
    let start = 0;
    const lines = parts.map((part, k) => {
      const place = this.read(part, `i / ${whole}u * ${widths[k]}u + along - ${start}u`);
      start += widths[k];
      return k === parts.length - 1 ? `return ${place};` : `if (along < ${start}u) { return ${place}; }`;
    });
    return [`let along = i % ${whole}u;`, ...lines];
  }

  /** An elementwise operation at index `i`. */
  #applied(value: Value, locals: ReadonlyMap<Value, string>): string {
    const [a, b] = operandsOf(value).map((operand) => {
      return this.read(operand, broadcastIndex(operand.shape, value.shape), locals);
    });
    const { kind } = value.operation;
    switch (kind) {
      case "relu":
      case "sign":
      case "exp":
      case "log":
      case "sqrt":
        return `${kind}(${a})`;
      case "add":
        return `${a} + ${b}`;
      case "subtract":
        return `${a} - ${b}`;
      case "multiply":
        return `${a} * ${b}`;
      case "divide":
        return `${a} / ${b}`;
      case "maximum":
        return `maximum(${a}, ${b})`;
      case "greaterOrEqual":
        return `greater_or_equal(${a}, ${b})`;
      default:
        throw new RangeError(`Cannot compute ${kind}: expected an elementwise operation`);
    }
  }
}

/** Where an operand's element lies by the index `i` of the result: extents of 1 and missing axes are stretched. */
function broadcastIndex(operand: Shape, result: Shape): string {
  if (sizeOf(operand) === sizeOf(result)) return "i";
  const strides = stridesOf(operand);
  const added = result.length - operand.length;
  const axes = result.map((extent, axis) => {
    const isStretched = axis < added || operand[axis - added] === 1;
    return { extent, stride: isStretched ? 0 : strides[axis - added] };
  });
  return indexExpression("i", axes);
}

/** A number that is rounded to 32 bits already, so that every compiler takes the same one. */
function literal(value: number): string {
  return `f32(${Math.fround(value)})`;
}
