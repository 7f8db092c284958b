import { sizeOf } from "../../../../tensor.ts";
import { inOrder, operandsOf, type Value } from "../../../../autograd/value.ts";
import { isElementwise, isSource, Views } from "./views.ts";

/** What one dispatch computes: a matmul or a sum with what follows from each of its elements, or elements alone. */
export interface FusedKernel {
  /** The matmul or sum; none where elements are computed from what is there. */
  readonly root?: Value;
  /** What is computed from the root's element, or from others at the same index, in order. */
  readonly members: readonly Value[];
  /** What is computed where the root, a sum, or a member reads it. */
  readonly inlined: ReadonlySet<Value>;
  /** What others read or the graph gives back, of the root and the members. */
  readonly stored: readonly Value[];
  /** What is read: inputs, constants, and what other kernels store. */
  readonly reads: readonly Value[];
  /** Those of which each element is read only where the element at the same index is computed. */
  readonly readsAtIndex: ReadonlySet<Value>;
  /** Gathers that are read through, whose row numbers are read as well. */
  readonly gathers: readonly Value[];
  /** The kernels that store what this one reads. */
  readonly after: readonly FusedKernel[];
}

/** Buffers that a kernel may bind: WebGPU's least limit, so that every device runs the same kernels. */
const MOST_BUFFERS = 8;

/**
 * Divides a graph into as few kernels as it takes: elementwise operations go along with the matmul, the sum or the other
 * elements that they read, so that nothing passes through memory only to be read once more; what is read once is
 * computed where it is read; views cost nothing.
 * Source: "loop fusion", as in XLA's `InstructionFusion` and `MultiOutputFusion`.
 * @throws RangeError when a concatenation has more parts than a kernel can bind.
 */
export function fusedKernels(outputs: ReadonlySet<Value>): { kernels: FusedKernel[]; views: Views } {
  const order = inOrder(outputs);
  const views = new Views(order);
  return { kernels: new Fusion(order, views, outputs).kernels(), views };
}

/** A kernel that still grows. */
interface Group {
  readonly root?: Value;
  readonly members: Value[];
  readonly size: number;
  /** Groups that have to come before. */
  readonly needs: Set<Group>;
}

/** What an operand comes to: stored values and sources, and gathers on the way. */
interface Leaves {
  readonly reads: Set<Value>;
  readonly gathers: Set<Value>;
}

class Fusion {
  readonly #readers = new Map<Value, Value[]>();
  readonly #inlined = new Map<Value, Value>();
  readonly #groupOf = new Map<Value, Group>();
  readonly #groups: Group[] = [];

  constructor(readonly order: readonly Value[], readonly views: Views, readonly outputs: ReadonlySet<Value>) {
    const computed = order.filter((value) => this.#isComputed(value));
    for (const value of computed) {
      for (const operand of this.#operands(value)) this.#addReader(this.views.base(operand), value);
    }
    for (const value of computed.toReversed()) if (!this.#inlined.has(value)) this.#inlineInto(value, value);
    for (const value of computed) if (!this.#inlined.has(value)) this.#place(value);
  }

  kernels(): FusedKernel[] {
    const finished = new Map<Group, FusedKernel>();
    const finish = (group: Group): FusedKernel => {
      const known = finished.get(group);
      if (known) return known;
      const { root, members, needs } = group;
      const { reads, gathers } = this.#leavesOf(group);
      const kernel = {
        root,
        members,
        inlined: new Set([...this.#inlined.keys()].filter((value) => this.#groupOf.get(this.#hostOf(value)) === group)),
        stored: valuesOf(group).filter((value) => this.#isStored(value, group)),
        reads: [...reads],
        readsAtIndex: this.#readAtIndex(group),
        gathers: [...gathers],
        after: [...needs].map(finish),
      };
      finished.set(group, kernel);
      return kernel;
    };
    return this.#groups.map(finish);
  }

  /** Views and constants are computed only where they are asked for. */
  #isComputed(value: Value): boolean {
    if (this.outputs.has(value)) return true;
    return this.views.viewed(value) === undefined && !isSource(value);
  }

  /** What a kernel that computes the value reads. */
  #operands(value: Value): readonly Value[] {
    const viewed = this.views.viewed(value);
    if (viewed) return [viewed];
    return isSource(value) ? [value] : operandsOf(value);
  }

  #addReader(base: Value, reader: Value): void {
    const readers = this.#readers.get(base);
    if (readers) readers.push(reader);
    else this.#readers.set(base, [reader]);
  }

  /** Lets a sum or an elementwise operation compute what it reads, where nothing else needs that. */
  #inlineInto(host: Value, reader: Value): void {
    if (reader.operation.kind !== "sum" && !this.#isElementwise(reader)) return;
    for (const operand of operandsOf(reader)) {
      const base = this.views.base(operand);
      const grows = reader.operation.kind !== "sum" && sizeOf(operand.shape) < sizeOf(reader.shape);
      const isReadOnce = this.#readers.get(base)?.length === 1 && this.views.readsOnce(operand) && !grows;
      if (!isReadOnce || this.outputs.has(base) || !isElementwise(base)) continue;
      this.#inlined.set(base, reader);
      const { reads, gathers } = this.#leaves([host]);
      // One for the host, and one for what may follow.
      if (reads.size + gathers.size + 2 > MOST_BUFFERS) this.#inlined.delete(base);
      else this.#inlineInto(host, base);
    }
  }

  #isElementwise(value: Value): boolean {
    return isElementwise(value) && this.views.viewed(value) === undefined;
  }

  /** Gives a value to the newest kernel that can compute it along with its own, else to a kernel of its own. */
  #place(value: Value): void {
    const { kind } = value.operation;
    const isRoot = kind === "matMul" || kind === "sum";
    const groups = this.#isElementwise(value) ? this.#groupsBeside(value) : [];
    let group = groups.find((group) => this.#canJoin(value, group));
    if (group) group.members.push(value);
    else {
      const members = isRoot ? [] : [value];
      group = { root: isRoot ? value : undefined, members, size: sizeOf(value.shape), needs: new Set() };
      this.#groups.push(group);
    }
    this.#groupOf.set(value, group);
    for (const read of this.#leaves([value]).reads) {
      const needed = this.#groupOf.get(read);
      if (needed && needed !== group) group.needs.add(needed);
    }
    if (this.#buffers(group) > MOST_BUFFERS) {
      throw new RangeError(`Cannot compute ${kind}: expected at most ${MOST_BUFFERS - 1} operands of a kernel`);
    }
  }

  /** The groups that hold what a value reads at the value's own index, the newest first. */
  #groupsBeside(value: Value): Group[] {
    const beside = this.#readBy(value).flatMap(({ base, isBeside }) => {
      const group = this.#groupOf.get(base);
      return group && group.size === sizeOf(value.shape) && isBeside ? [group] : [];
    });
    return [...new Set(beside)].sort((a, b) => this.#groups.indexOf(b) - this.#groups.indexOf(a));
  }

  /** What a value reads, through views and what is inlined, and whether it reads it at its own index alone. */
  #readBy(value: Value, isAtIndex = true): { readonly base: Value; readonly isBeside: boolean }[] {
    return operandsOf(value).flatMap((operand) => {
      const base = this.views.base(operand);
      const isBeside = isAtIndex && this.views.isStraight(operand) && sizeOf(operand.shape) === sizeOf(value.shape);
      return this.#inlined.has(base) ? this.#readBy(base, isBeside) : [{ base, isBeside }];
    });
  }

  #readAtIndex({ root, members }: Group): Set<Value> {
    const read = members.flatMap((
      member,
    ) => (isSource(member) ? [] : this.#readBy(member, this.#isElementwise(member))));
    const elsewhere = new Set(read.flatMap(({ base, isBeside }) => (isBeside ? [] : [base])));
    for (const value of this.#leaves(root ? [root] : []).reads) elsewhere.add(value);
    return new Set(read.map(({ base }) => base).filter((value) => !elsewhere.has(value)));
  }

  /** Whether a group that computes the value as well still reads only what is there before it starts. */
  #canJoin(value: Value, group: Group): boolean {
    for (const { base, isBeside } of this.#readBy(value)) {
      const from = this.#groupOf.get(base);
      if (from && (from === group ? !isBeside : reaches(from, group))) return false;
    }
    this.#groupOf.set(value, group);
    const fits = this.#buffers({ ...group, members: [...group.members, value] }, group) <= MOST_BUFFERS;
    this.#groupOf.delete(value);
    return fits;
  }

  /** @param as the group that the values count for */
  #buffers(group: Group, as = group): number {
    const { reads, gathers } = this.#leavesOf(group);
    return reads.size + gathers.size + valuesOf(group).filter((value) => this.#isStored(value, as)).length;
  }

  /** Whether something outside of the group needs a value; what has no group yet may be outside. */
  #isStored(value: Value, group: Group): boolean {
    const readers = this.#readers.get(value) ?? [];
    return this.outputs.has(value) || readers.some((reader) => this.#groupOf.get(this.#hostOf(reader)) !== group);
  }

  /** What computes a value where it reads it, or the value itself. */
  #hostOf(value: Value): Value {
    const reader = this.#inlined.get(value);
    return reader ? this.#hostOf(reader) : value;
  }

  /** What a group reads and does not compute itself. */
  #leavesOf(group: Group): Leaves {
    const values = valuesOf(group);
    const { reads, gathers } = this.#leaves(values);
    for (const value of values) if (!isSource(value)) reads.delete(value);
    return { reads, gathers };
  }

  #leaves(values: readonly Value[]): Leaves {
    const leaves: Leaves = { reads: new Set(), gathers: new Set() };
    const visit = (value: Value) => {
      if (this.views.uniform(value) !== undefined) return;
      const viewed = this.views.viewed(value);
      if (value.operation.kind === "gatherRows") leaves.gathers.add(value);
      if (viewed) visit(viewed);
      else if (this.#inlined.has(value)) operandsOf(value).forEach(visit);
      else leaves.reads.add(value);
    };
    for (const value of values) {
      if (value.operation.kind === "gatherRows") leaves.gathers.add(value);
      this.#operands(value).forEach(visit);
    }
    return leaves;
  }
}

function valuesOf({ root, members }: Pick<Group, "root" | "members">): Value[] {
  return root ? [root, ...members] : members;
}

/** Whether a group needs another one, by however many others. */
function reaches(from: Group, to: Group, seen = new Set<Group>()): boolean {
  if (from === to) return true;
  if (seen.has(from)) return false;
  seen.add(from);
  return [...from.needs].some((needed) => reaches(needed, to, seen));
}
