import * as tf from "@tensorflow/tfjs";
import { messageOf } from "../../../data/base/message_of.ts";
import type { EngineName } from "../engine.ts";

/** A device that tfjs computes on. */
export interface TfjsBackend {
  readonly name: Exclude<EngineName, "onnx">;
  /** What does the arithmetic, for people. */
  readonly device: string;
  readonly batchSize: number;
  /**
   * Runs tfjs operations on this device; all of them must be called before `run` returns.
   * @param operation what is computed, for messages.
   * @throws Error that names the operation when tfjs refuses it.
   */
  compute<T>(operation: string, run: () => T): T;
  /**
   * Waits for results, and until the device has said whether everything computed so far went well.
   * @throws Error that names the first operation that failed.
   */
  settle<T>(results: Promise<T>): Promise<T>;
  close(): void;
}

/** Gives tfjs's own message the operation's name. */
export function computationError(operation: string, device: string, reason: unknown): Error {
  return new Error(`Cannot compute ${operation} on ${device}: ${messageOf(reason)}`, { cause: reason });
}

/**
 * Makes one of tfjs's backends ready. Several can be ready in one process: each `compute` makes its own the current
 * one, which takes effect at once when the backend is ready already.
 * @throws Error when the backend cannot start here.
 */
export async function startTfjs(name: TfjsBackend["name"]): Promise<void> {
  // Without it tfjs advertises its Node.js package on the console, and checks what needs no check.
  tf.enableProdMode();
  if (!(await tf.setBackend(name))) {
    throw new Error(`Cannot start tfjs on ${name}: expected the backend to start here, got a refusal`);
  }
}

/** Runs operations on a backend that is ready, on the calling thread. */
export function computeOnThread<T>(name: TfjsBackend["name"], operation: string, run: () => T): T {
  try {
    // Ready backends are switched to before the promise is made. Each switch walks tfjs's whole registry of kernels.
    if (!isCurrent(name)) void tf.setBackend(name);
    return run();
  } catch (error) {
    throw computationError(operation, name, error);
  }
}

/** tfjs may say a backend's name while another one, that was started meanwhile, computes. */
function isCurrent(name: TfjsBackend["name"]): boolean {
  return tf.getBackend() === name && tf.backend() === tf.engine().findBackend(name);
}
