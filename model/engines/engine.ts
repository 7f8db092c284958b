import type { Network } from "../networks/layers.ts";
import type { ValueRanges } from "../networks/value_ranges.ts";
import type { PixelBatch } from "../../data/base/pixel_batch.ts";
import type { Tensor, TensorMap } from "../tensor.ts";
import type { Trainer, TrainerSpec } from "../training/trainer.ts";

/** The ways to run a network that a user can ask for by name. */
export const ENGINE_NAMES = ["webgpu", "onnx", "wasm", "cpu"] as const;
/** One of them. */
export type EngineName = (typeof ENGINE_NAMES)[number];

/** A network with its weights, ready to run. */
export interface CompiledNetwork {
  /**
   * Runs one batch.
   * @param input `[batch, channels, height, width]`, float32, already normalised; or bytes, where the network has a
   * normalisation. Any batch from 1 up.
   * @returns the values asked for when it was compiled, by name, each `[batch, ...]` in NCHW order.
   */
  run(input: Tensor | PixelBatch): Promise<Map<string, Tensor>>;
  close(): Promise<void>;
}

/** Bits of each integer in a quantised kernel, its sign included. */
export type KernelBits = 7 | 8;

/** Networks in 8-bit integers: several times as fast on a CPU that multiplies those, and rounded accordingly. */
export interface IntegerNetworks {
  /** Whether they are clearly faster than floats on this processor, which is tried. */
  isFast(): Promise<boolean>;
  /** The bits of a kernel's integers; results differ between the two. */
  kernelBits(): Promise<KernelBits>;
  /**
   * The ranges that a network's values have over some photos.
   * @param outputs what the network will be asked for.
   * @param batches as `CompiledNetwork.run` takes them.
   */
  measureRanges(
    network: Network,
    weights: TensorMap,
    outputs: readonly string[],
    batches: readonly (Tensor | PixelBatch)[],
  ): Promise<ValueRanges>;
  /** As `Engine.compile`; values beyond the ranges are cut off. */
  compile(
    network: Network,
    weights: TensorMap,
    outputs: readonly string[],
    ranges: ValueRanges,
  ): Promise<CompiledNetwork>;
}

/** Floats of 16 bits, in which some engines compute where their hardware does. */
export interface HalfFloats {
  /** The layer whose values they did not hold, for which the engine went on in 32 bits by itself. */
  readonly overflow: string | undefined;
  /** Goes on in 32 bits from here on. */
  leave(): void;
}

/** What an engine may know of the job for which it compiles a network. */
export interface CompileOptions {
  /** Whether so many photos are to come that seconds of finding out how to be fast are well spent. */
  readonly longJob?: boolean;
}

/** One way to run networks: a GPU through WebGPU, or the CPU through one of several libraries. */
export interface Engine {
  readonly name: EngineName;
  /** What does the arithmetic, for people: the adapter's or the library's name and version, and the bits if they vary. */
  readonly device: string;
  /**
   * The bits in which activations are stored; results differ between the two by far more than by rounding in 32. From
   * f16 an engine goes on to f32 by itself where 16 bits do not hold a value: all that it computes afterwards, and the
   * batch in which that was found, is in f32. What is in f16 is therefore finite.
   */
  readonly precision: "f16" | "f32";
  /** The batch that suits the device; any other batch is right too. */
  readonly batchSize: number;
  /** Where this engine began in 16 bits. */
  readonly halves?: HalfFloats;
  /** Networks in 8-bit integers, where this engine computes such. */
  readonly integers?: IntegerNetworks;
  /**
   * @param weights tensors under torchvision's names; more than the rows need is fine.
   * @param outputs the values to give back, by the names that the rows write.
   */
  compile(
    network: Network,
    weights: TensorMap,
    outputs: readonly string[],
    options?: CompileOptions,
  ): Promise<CompiledNetwork>;
  /** Starts training from a state (see `TrainerSpec`). */
  train(spec: TrainerSpec, state: TensorMap): Promise<Trainer>;
  /**
   * The matmul `a b^T`: the inner product of every row of one matrix with every row of another.
   * @param a `[m, k]`
   * @param b `[n, k]`
   * @returns `[m, n]`
   */
  matMulTransposed(a: Tensor, b: Tensor): Promise<Tensor>;
  close(): Promise<void>;
}
