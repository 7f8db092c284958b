import type { Tensor, TensorMap } from "../tensor.ts";

/** What one step gives back. */
export interface ProgramStep {
  /** Mean cross entropy before the step. */
  readonly loss: number;
  /** `[batch, 2]`, before the step. */
  readonly logits: Float32Array;
}

/**
 * Runs a training program on one device and holds its state there. Inputs are under the program's names, state tensors
 * in the program's layout.
 */
export interface ProgramRunner {
  /** Steps one after another, each with its own inputs. */
  steps(inputs: readonly TensorMap[]): Promise<ProgramStep[]>;
  /** Logits of a batch of the program's size in evaluation mode. */
  evaluate(inputs: TensorMap): Promise<Tensor>;
  /** A copy of the whole state. */
  state(): Promise<TensorMap>;
  close(): Promise<void>;
}
