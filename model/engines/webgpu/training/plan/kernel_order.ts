import type { Value } from "../../../../autograd/value.ts";
import type { FusedKernel } from "./fused_kernels.ts";

/** Kernels in the order in which they run. */
export interface KernelOrder {
  readonly kernels: readonly FusedKernel[];
  /** Values that are written over the input that they take the place of, by their names. */
  readonly inPlace: ReadonlyMap<Value, string>;
}

/**
 * Puts kernels in an order in which everything is there when it is read, what is soon done first: so each layer's
 * gradient is used up as the backward pass comes by, and its memory is free again.
 *
 * What the state becomes is written over what it was: a step of SGD needs no memory of its own. All that reads the state
 * before the step comes before that; where this is impossible, the value stays apart.
 * @param nextState what some inputs become, by their names.
 */
export function orderKernels(
  kernels: readonly FusedKernel[],
  nextState: ReadonlyMap<string, Value>,
): KernelOrder {
  const before = new Map(kernels.map((kernel) => [kernel, new Set(kernel.after)]));
  const readersOf = readersOfInputs(kernels);
  const inPlace = new Map<Value, string>();
  for (const [name, value] of nextState) {
    const writer = kernels.find(({ stored }) => stored.includes(value));
    const readers = (readersOf.get(name) ?? []).filter((kernel) => kernel !== writer);
    if (writer === undefined || inPlace.has(value) || !readsInPlace(writer, name)) continue;
    if (readers.some((reader) => depends(reader, writer, before))) continue;
    for (const reader of readers) before.get(writer)?.add(reader);
    inPlace.set(value, name);
  }
  return { kernels: inTurn(kernels, before), inPlace };
}

type Before = ReadonlyMap<FusedKernel, ReadonlySet<FusedKernel>>;

function readersOfInputs(kernels: readonly FusedKernel[]): Map<string, FusedKernel[]> {
  const readers = new Map<string, FusedKernel[]>();
  for (const kernel of kernels) {
    for (const { operation } of kernel.reads) {
      if (operation.kind === "input") readers.set(operation.name, [...readers.get(operation.name) ?? [], kernel]);
    }
  }
  return readers;
}

/** Whether a kernel reads each element of an input only where it computes the element at the same index. */
function readsInPlace({ reads, readsAtIndex }: FusedKernel, name: string): boolean {
  const isRead = ({ operation }: Value) => operation.kind === "input" && operation.name === name;
  return reads.filter(isRead).every((value) => readsAtIndex.has(value));
}

function depends(kernel: FusedKernel, on: FusedKernel, before: Before, seen = new Set<FusedKernel>()): boolean {
  if (kernel === on) return true;
  if (seen.has(kernel)) return false;
  seen.add(kernel);
  return [...before.get(kernel) ?? []].some((needed) => depends(needed, on, before, seen));
}

function inTurn(kernels: readonly FusedKernel[], before: Before): FusedKernel[] {
  const depths = new Map<FusedKernel, number>();
  const depthOf = (kernel: FusedKernel): number => {
    const known = depths.get(kernel);
    if (known !== undefined) return known;
    const depth = 1 + Math.max(0, ...[...before.get(kernel) ?? []].map(depthOf));
    depths.set(kernel, depth);
    return depth;
  };
  const ordered = new Set<FusedKernel>();
  const visit = (kernel: FusedKernel) => {
    if (ordered.has(kernel)) return;
    for (const needed of byDepth(before.get(kernel) ?? [])) visit(needed);
    ordered.add(kernel);
  };
  const byDepth = (some: Iterable<FusedKernel>) => [...some].sort((a, b) => depthOf(a) - depthOf(b));
  for (const kernel of byDepth(kernels)) visit(kernel);
  return [...ordered];
}
