import { entryOf } from "../../../../../data/base/entry_of.ts";
import type { Value } from "../../../../autograd/value.ts";
import { sizeOf } from "../../../../tensor.ts";
import { assignBuffers, type Tenant } from "../../plan/assign_buffers.ts";
import { type FusedKernel, fusedKernels } from "./fused_kernels.ts";
import { orderKernels } from "./kernel_order.ts";
import type { Views } from "./views.ts";

/** Where something lies: in the tensor of that name, in a buffer that values take turns in, or in one that stays. */
export type Place =
  | { readonly kind: "tensor"; readonly name: string }
  | { readonly kind: "temporary"; readonly buffer: number }
  | { readonly kind: "constant"; readonly data: Float32Array | Int32Array };

/** What a kernel binds: numbers that it reads or stores, or the row numbers of a gather. */
export interface Held {
  readonly kind: "read" | "stored" | "rows";
  readonly value: Value;
}

/** A graph that goes over named tensors again and again. */
export interface SteppedGraph {
  /** What a run gives back, by name. */
  readonly results: ReadonlyMap<string, Value>;
  /** What some inputs become, by their names. */
  readonly nextState: ReadonlyMap<string, Value>;
}

/** Which kernels run in which order, and where all values lie: decided once, before anything is compiled. */
export interface GraphPlan {
  readonly kernels: readonly FusedKernel[];
  readonly views: Views;
  /** Of each value that a kernel stores. */
  readonly places: ReadonlyMap<Value, Place>;
  /** The elements of each buffer that values take turns in. */
  readonly temporaries: readonly number[];
  /** What has to be copied into tensors once all kernels have run, because it could not be written there before. */
  readonly copies: readonly { readonly value: Value; readonly name: string }[];
}

/** Plans a graph's kernels and buffers. */
export function planGraph({ results, nextState }: SteppedGraph): GraphPlan {
  const outputs = new Set([...results.values(), ...nextState.values()]);
  const fused = fusedKernels(outputs);
  const { kernels, inPlace } = orderKernels(fused.kernels, nextState);
  const copies = [...nextState].flatMap(([name, value]) => (inPlace.get(value) === name ? [] : [{ value, name }]));
  const kept = new Set([...results.values(), ...copies.map(({ value }) => value)]);
  const tenants = tenantsOf(kernels, inPlace, kept);
  const { bufferOf, sizes } = assignBuffers(tenants);
  const places = new Map<Value, Place>();
  for (const [value, name] of inPlace) places.set(value, { kind: "tensor", name });
  for (const value of tenants.keys()) {
    places.set(value, { kind: "temporary", buffer: entryOf(bufferOf, value, "a buffer") });
  }
  return { kernels, views: fused.views, places, temporaries: sizes, copies };
}

/** Where a kernel finds what it binds. */
export function placeOf({ places }: Pick<GraphPlan, "places">, { kind, value }: Held): Place {
  const { operation } = value;
  if (kind === "rows" && operation.kind === "gatherRows") return { kind: "constant", data: operation.rows };
  if (kind === "read" && operation.kind === "constant") return { kind: "constant", data: operation.data };
  if (kind === "read" && operation.kind === "input") return { kind: "tensor", name: operation.name };
  return entryOf(places, value, "a value that a kernel stores");
}

/** @param kept what is still wanted when all kernels have run */
function tenantsOf(
  kernels: readonly FusedKernel[],
  inPlace: ReadonlyMap<Value, string>,
  kept: ReadonlySet<Value>,
): Map<Value, Tenant> {
  const lastUse = new Map<Value, number>();
  for (const [step, { reads, stored }] of kernels.entries()) {
    for (const value of [...stored, ...reads]) lastUse.set(value, step);
  }
  const tenants = new Map<Value, Tenant>();
  for (const [firstUse, { stored }] of kernels.entries()) {
    for (const value of stored) {
      if (inPlace.has(value)) continue;
      const last = kept.has(value) ? kernels.length : entryOf(lastUse, value, "a last use");
      tenants.set(value, { size: sizeOf(value.shape), firstUse, lastUse: last });
    }
  }
  return tenants;
}
