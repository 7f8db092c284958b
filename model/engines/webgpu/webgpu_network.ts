import { UserError } from "../../../data/base/user_error.ts";
import { entryOf } from "../../../data/base/entry_of.ts";
import type { Network } from "../../networks/layers.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import { batchOf, outputShapes } from "../compiled_network.ts";
import type { CompiledNetwork } from "../engine.ts";
import { type BatchProgram, createBatchProgram, largestBatch } from "./batch_program.ts";
import type { Device } from "./device/device.ts";
import { createDeviceProgram, destroyProgram, type DeviceProgram } from "./device_program.ts";
import { floatBytes } from "./device/float_bytes.ts";
import { Readback } from "./device/readback.ts";
import { joinBatches, splitBatch } from "./sub_batches.ts";
import type { TileChooser } from "./tiles/tile_search.ts";

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
  ) {
    this.#readback = new Readback(device);
  }

  /**
   * Sends the weights to the device.
   * @throws RangeError when a weight is missing or of another shape, or an output is not known.
   */
  static async compile(
    device: Device,
    tiles: TileChooser,
    network: Network,
    weights: TensorMap,
    outputs: readonly string[],
  ): Promise<WebgpuNetwork> {
    const shapes = outputShapes(network, outputs);
    const program = createDeviceProgram(device, network, weights, outputs);
    const compiled = new WebgpuNetwork(device, tiles, program, shapes);
    try {
      await device.errors.settle(Promise.resolve());
      return compiled;
    } catch (error) {
      await compiled.close();
      throw error;
    }
  }

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
      const capacity = Math.max(photos, Math.min(most, 2 ** Math.ceil(Math.log2(photos))));
      // One network after the other: tiles are timed, and have to have the device for themselves.
      const larger = await this.device.preparing.run(async () => {
        const program = await createBatchProgram(this.device, this.tiles, this.program, capacity);
        await this.tiles.keep();
        return program;
      });
      // What is under way on the smaller one's buffers ends first: WebGPU frees them when it has.
      known?.destroy();
      return larger;
    });
    // A failure is the caller's to hear of; the smaller one still has to be closed.
    this.#batches = prepared.catch(() => before);
    return prepared;
  }

  /** Sixteen bits hold no more than 65,504: what overflows there would go on as infinity, and then as no number. */
  #checkFinite(name: string, values: Float32Array): void {
    if (this.device.precision === "f32" || values.every(Number.isFinite)) return;
    throw new UserError(
      `Cannot run ${this.program.network.architecture} in 16 bits: expected ${name} within them, got values beyond; ` +
        `these weights need --backend onnx`,
    );
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
      const pass = encoder.beginComputePass({ label: architecture });
      for (const { pipeline, bindings, grid } of batch.dispatches) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindings);
        pass.dispatchWorkgroups(...grid(photos));
      }
      pass.end();
      const reading = this.#readback.copy(encoder, regions);
      gpu.queue.submit([encoder.finish()]);
      return reading;
    });
    const floats = await this.#readback.floats(reading);
    for (const [k, { name }] of results.entries()) this.#checkFinite(name, floats[k]);
    return new Map(results.map(({ name, shape }, k) => [name, { shape, data: floats[k] }]));
  }
}
