import { entryOf } from "../../../data/base/entry_of.ts";
import type { Network } from "../../networks/layers.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import { batchOf, outputShapes } from "../compiled_network.ts";
import type { CompiledNetwork, CompileOptions } from "../engine.ts";
import { type BatchProgram, createBatchProgram, largestBatch } from "./batch_program.ts";
import type { Device } from "./device/device.ts";
import { createDeviceProgram, destroyProgram, type DeviceProgram } from "./device_program.ts";
import { floatBytes } from "./device/float_bytes.ts";
import { HalfOverflow } from "./half_overflow.ts";
import { Readback } from "./device/readback.ts";
import { joinBatches, splitBatch } from "./sub_batches.ts";
import type { TileChooser } from "./tiles/tile_chooser.ts";

/**
 * A network on a WebGPU device: one command buffer a batch. Batches that overlap wait in the device's queue, so that it
 * goes on with the next one at once while the results of the last come back.
 */
export class WebgpuNetwork implements CompiledNetwork {
  #batches: Promise<BatchProgram | undefined> = Promise.resolve(undefined);
  readonly #readback: Readback;

  private constructor(
    readonly device: Device,
    readonly tiles: TileChooser,
    readonly program: DeviceProgram,
    readonly shapes: ReadonlyMap<string, readonly number[]>,
    readonly measure: boolean,
  ) {
    this.#readback = new Readback(device);
  }

  /**
   * Sends the weights to the device.
   * @throws RangeError when a weight is missing or of another shape, or an output is not known; HalfOverflow when 16
   * bits do not hold a weight.
   */
  static async compile(
    device: Device,
    tiles: TileChooser,
    network: Network,
    weights: TensorMap,
    outputs: readonly string[],
    { longJob = false }: CompileOptions = {},
  ): Promise<WebgpuNetwork> {
    const shapes = outputShapes(network, outputs);
    const program = createDeviceProgram(device, network, weights, outputs);
    const compiled = new WebgpuNetwork(device, tiles, program, shapes, longJob);
    try {
      await device.errors.settle(Promise.resolve());
      return compiled;
    } catch (error) {
      await compiled.close();
      throw error;
    }
  }

  /** @throws HalfOverflow that names the first layer whose values 16 bits do not hold. */
  async run(input: Tensor | PixelBatch): Promise<Map<string, Tensor>> {
    batchOf(this.program.network, input);
    const most = largestBatch(this.device, this.program);
    // Where not even one fits, WebGPU says which step it is that does not.
    const parts = splitBatch(input, Math.max(1, most));
    return joinBatches(await Promise.all(parts.map((part) => this.#runAtOnce(part.data, part.photos))));
  }

  async close(): Promise<void> {
    (await this.#batches)?.destroy();
    this.#batches = Promise.resolve(undefined);
    destroyProgram(this.program);
    this.#readback.destroy();
  }

  /** The program for a batch of this size, with its dispatches. */
  batchProgram(photos: number): Promise<BatchProgram> {
    const most = largestBatch(this.device, this.program);
    const before = this.#batches;
    const prepared = before.then(async (known) => {
      if (known !== undefined && known.capacity >= photos) return known;
      const { device, tiles, program, measure } = this;
      // A long job has its last capacity at once, for which tiles are timed.
      const wanted = measure ? Math.max(photos, tiles.photos) : 2 ** Math.ceil(Math.log2(photos));
      const capacity = Math.max(photos, Math.min(most, wanted));
      // One network after the other: tiles are timed, and have to have the device for themselves.
      const larger = await device.preparing.run(() =>
        createBatchProgram(device, tiles, program, { capacity, measure })
      );
      // What is under way on the smaller one's buffers ends first: WebGPU frees them when it has.
      known?.destroy();
      return larger;
    });
    // A failure is the caller's to hear of; the smaller one still has to be closed.
    this.#batches = prepared.catch(() => before);
    return prepared;
  }

  async #runAtOnce(data: Float32Array | Uint8Array, photos: number): Promise<Map<string, Tensor>> {
    const batch = await this.batchProgram(photos);
    const { architecture } = this.program.network;
    const { gpu, errors } = this.device;
    const results = [...this.shapes].map(([name, shape]) => ({ name, shape: [photos, ...shape] }));
    const regions = results.map(({ name, shape }) => ({
      buffer: entryOf(batch.results, name, "an output of the program"),
      bytes: floatBytes(shape),
    }));
    // All of it is queued before this function gives way, so that batches do not mix.
    const reading = errors.watch(`a batch of ${architecture}`, () => {
      gpu.queue.writeBuffer(batch.photos, 0, Uint32Array.of(photos));
      this.device.writePhotos(batch.source, data);
      const encoder = gpu.createCommandEncoder({ label: architecture });
      batch.overflows?.clear(encoder);
      const pass = encoder.beginComputePass({ label: architecture });
      for (const { pipeline, bindings, grid } of batch.dispatches) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindings);
        pass.dispatchWorkgroups(...grid(photos));
      }
      pass.end();
      const reading = this.#readback.copy(encoder, batch.overflows ? [...regions, batch.overflows.region] : regions);
      gpu.queue.submit([encoder.finish()]);
      return reading;
    });
    const floats = await this.#readback.floats(reading);
    const overflow = batch.overflows?.firstSet(floats[results.length]);
    if (overflow !== undefined) throw new HalfOverflow(`${overflow} of ${architecture}`);
    return new Map(results.map(({ name, shape }, k) => [name, { shape, data: floats[k] }]));
  }
}
