import type { Network } from "../../layers.ts";
import type { PixelBatch } from "../../pixel_batch.ts";
import type { Tensor, TensorMap } from "../../tensor.ts";
import { batchOf, outputShapes } from "../compiled_network.ts";
import type { CompiledNetwork } from "../engine.ts";
import { type BatchProgram, createBatchProgram, largestBatch } from "./batch_program.ts";
import type { Device } from "./device.ts";
import { createDeviceProgram, destroyProgram, type DeviceProgram } from "./device_program.ts";
import { floatBytes } from "./pack_weights.ts";
import { Readback } from "./readback.ts";
import { joinBatches, splitBatch } from "./sub_batches.ts";
import type { TileChooser } from "./tile_search.ts";

/** A network on a WebGPU device: one command buffer a batch, and the next batch's photos go up while it computes. */
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
    (await this.#batches.catch(() => undefined))?.destroy();
    this.#batches = Promise.resolve(undefined);
    destroyProgram(this.program);
    this.#readback.destroy();
  }

  /** The program for a batch of this size, with its dispatches. */
  batchProgram(photos: number): Promise<BatchProgram> {
    const most = largestBatch(this.device, this.program);
    const prepared = this.#batches.then(async (known) => {
      if (known !== undefined && known.capacity >= photos) return known;
      const capacity = Math.max(photos, Math.min(most, 2 ** Math.ceil(Math.log2(photos))));
      const larger = await createBatchProgram(this.device, this.tiles, this.program, capacity);
      await this.tiles.keep();
      // What is under way on the smaller one's buffers ends first: WebGPU frees them when it has.
      known?.destroy();
      return larger;
    });
    this.#batches = prepared;
    return prepared;
  }

  async #runAtOnce(data: Float32Array | Uint8Array, photos: number): Promise<Map<string, Tensor>> {
    const batch = await this.batchProgram(photos);
    const { architecture } = this.program.network;
    const { gpu, errors } = this.device;
    const results = [...this.shapes].map(([name, shape]) => ({ name, shape: [photos, ...shape] }));
    const regions = results.map(({ name, shape }) => ({ buffer: resultNamed(batch, name), bytes: floatBytes(shape) }));
    // All of it is queued before this function gives way, so that batches do not mix.
    const values = errors.watch(`a batch of ${architecture}`, () => {
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
      return this.#readback.read(encoder, regions);
    });
    const floats = await values;
    return new Map(results.map(({ name, shape }, k) => [name, { shape, data: floats[k] }]));
  }
}

function resultNamed({ results }: BatchProgram, name: string): GPUBuffer {
  const result = results.get(name);
  if (result === undefined) throw new RangeError(`Cannot read ${name}: expected an output of the program, got none`);
  return result;
}
