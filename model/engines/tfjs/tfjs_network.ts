import * as tf from "@tensorflow/tfjs";
import { entryOf } from "../../../data/base/entry_of.ts";
import type { ConvolutionRow, Network } from "../../networks/layers.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import { affineNormalisation } from "../../networks/normalisation.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import { foldBatchNorm } from "../batch_norm.ts";
import { batchOf, outputShapes } from "../compiled_network.ts";
import type { CompiledNetwork } from "../engine.ts";
import { type DeviceConvolution, runRows } from "./run_rows.ts";
import type { TfjsBackend } from "./tfjs_backend.ts";

/** A network whose weights lie on a device that tfjs computes on. */
export class TfjsNetwork implements CompiledNetwork {
  readonly #convolutions = new Map<string, DeviceConvolution>();

  private constructor(
    readonly backend: TfjsBackend,
    readonly network: Network,
    readonly outputs: ReadonlyMap<string, readonly number[]>,
  ) {}

  /**
   * Folds the batch norms and sends the weights to the device.
   * @throws RangeError when a weight is missing or of another shape, or an output is not known.
   */
  static async compile(
    backend: TfjsBackend,
    network: Network,
    weights: TensorMap,
    outputs: readonly string[],
  ): Promise<TfjsNetwork> {
    const compiled = new TfjsNetwork(backend, network, outputShapes(network, outputs));
    try {
      for (const row of network.rows) {
        if (row.kind === "convolution") compiled.#upload(row, weights);
      }
      await backend.settle(Promise.resolve());
      return compiled;
    } catch (error) {
      await compiled.close();
      throw error;
    }
  }

  async run(input: Tensor | PixelBatch): Promise<Map<string, Tensor>> {
    const batch = batchOf(this.network, input);
    const names = [...this.outputs.keys()];
    const values = this.#start(input, batch, names);
    try {
      const data = await this.backend.settle(
        Promise.all(values.map((value) => value.data<"float32">())),
      );
      return new Map(names.map((name, k) => [name, { shape: values[k].shape, data: data[k] }]));
    } finally {
      tf.dispose(values);
    }
  }

  close(): Promise<void> {
    for (const { kernel, bias } of this.#convolutions.values()) tf.dispose([kernel, bias]);
    this.#convolutions.clear();
    return Promise.resolve();
  }

  #upload(row: ConvolutionRow, weights: TensorMap): void {
    const { kernel, bias } = foldBatchNorm(row, weights, this.network.epsilon);
    const shape: [number, number, number, number] = [row.outputChannels, row.inputChannels, ...row.kernel];
    const uploaded = this.backend.compute(`the weights of ${row.name}`, () => ({
      kernel: tf.tidy(() => tf.transpose<tf.Tensor4D>(tf.tensor4d(kernel.data, shape), [2, 3, 1, 0])),
      bias: tf.tensor1d(bias.data),
    }));
    this.#convolutions.set(row.name, uploaded);
  }

  /** Queues all of the arithmetic; the values are NCHW. */
  #start(input: Tensor | PixelBatch, batch: number, names: readonly string[]): tf.Tensor[] {
    const compute = this.backend.compute.bind(this.backend);
    const pixels = compute(this.network.input, () => tf.tidy(() => this.#channelsLast(input, batch)));
    const values = runRows(this.network, this.#convolutions, pixels, names, compute);
    return names.map((name) => compute(name, () => inChannelOrder(values, name)));
  }

  /** What the rows read, `[batch, height, width, channels]`. */
  #channelsLast({ data }: Tensor | PixelBatch, batch: number): tf.Tensor4D {
    const { inputShape: { channels, height, width }, normalisation } = this.network;
    if (!normalisation) return tf.transpose(tf.tensor4d(data, [batch, channels, height, width]), [0, 2, 3, 1]);
    const { scale, offset } = affineNormalisation(normalisation);
    const bytes = tf.tensor4d(data, [batch, height, width, channels], "float32");
    return tf.add(tf.mul(bytes, tf.tensor1d(scale)), tf.tensor1d(offset));
  }
}

function inChannelOrder(values: ReadonlyMap<string, tf.Tensor>, name: string): tf.Tensor {
  const value = entryOf(values, name, "a value that a row wrote");
  if (value.rank !== 4) return value;
  const ordered = tf.transpose(value, [0, 3, 1, 2]);
  value.dispose();
  return ordered;
}
