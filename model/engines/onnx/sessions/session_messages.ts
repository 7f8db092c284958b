import type { Tensor } from "../../../tensor.ts";
import type { OnnxArray } from "../graphs/onnx_proto.ts";

/** A value that a graph is given: any of the element types that this project uses. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly data: OnnxArray;
}

/** What a session asks its worker for. Requests are answered in the order in which they are sent. */
export type SessionRequest =
  | { readonly kind: "load"; readonly model: Uint8Array; readonly threads: number }
  | { readonly kind: "run"; readonly inputs: ReadonlyMap<string, OnnxTensor> }
  | { readonly kind: "release" };

/** What the worker answers. */
export type SessionReply =
  | { readonly kind: "loaded"; readonly version: string }
  | { readonly kind: "ran"; readonly outputs: Map<string, Tensor> }
  | { readonly kind: "released" };
