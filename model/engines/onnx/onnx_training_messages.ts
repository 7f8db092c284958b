import type { TensorMap } from "../../tensor.ts";
import type { RowBlock } from "./graphs/row_blocks.ts";
import type { ProgramStep } from "../../training/program_runner.ts";

/** What a trainer asks its worker for; requests are answered in the order in which they are sent. */
export type TrainingRequest =
  | {
    readonly kind: "load";
    /**
     * ONNX files. A step's outputs are `loss`, `logits` and, under `NEXT` + name, the tensors of the state that change, or
     * blocks of them.
     */
    readonly step: Uint8Array;
    readonly evaluate: Uint8Array;
    readonly blocks: readonly RowBlock[];
    readonly state: TensorMap;
    readonly threads: number;
  }
  | { readonly kind: "steps"; readonly inputs: readonly TensorMap[] }
  | { readonly kind: "evaluate"; readonly inputs: TensorMap }
  | { readonly kind: "state" }
  | { readonly kind: "release" };

/** What the worker answers. */
export type TrainingReply =
  | { readonly kind: "loaded" }
  | { readonly kind: "released" }
  | { readonly kind: "stepped"; readonly results: ProgramStep[] }
  | { readonly kind: "tensors"; readonly tensors: TensorMap };

/** What the name of an output starts with that becomes part of the state. */
export const NEXT = "next.";
