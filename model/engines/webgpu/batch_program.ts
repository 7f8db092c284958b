import { groupsOf } from "./plan/channel_layout.ts";
import type { Device } from "./device/device.ts";
import { type DeviceProgram, placeOf, type ProgramOutput, weightsOf } from "./device_program.ts";
import type { ConvolutionStep, PoolStep } from "./plan/device_steps.ts";
import { convolutionGrid, type ConvolutionPlaces, convolutionShader, gemmOf } from "./kernels/convolution.ts";
import { poolShader } from "./kernels/pool.ts";
import { elementGrid, type Grid, groupBytes } from "./kernels/shader.ts";
import type { Tile } from "./kernels/tile.ts";
import { loadPixelsShader, loadValuesShader, storeValuesShader } from "./kernels/transfer.ts";
import { floatBytes } from "./device/float_bytes.ts";
import type { Dispatch } from "./device/dispatch_timer.ts";
import type { TileChooser } from "./tiles/tile_search.ts";

/** One dispatch of a batch; its grid depends on how many photos there are. */
export interface BatchDispatch extends Omit<Dispatch, "grid"> {
  grid(photos: number): Grid;
  /** The tile of a convolution. */
  readonly tile?: Tile;
}

/** A program with buffers for so many photos, every pipeline compiled and bound: a batch is one list of dispatches. */
export interface BatchProgram {
  readonly capacity: number;
  /** Takes the photos as floats `[photo, channels, height, width]`, or bytes where the network normalises. */
  readonly source: GPUBuffer;
  /** Takes the number of photos. */
  readonly photos: GPUBuffer;
  readonly dispatches: readonly BatchDispatch[];
  /** Each output as floats `[photo, channels, height, width]`, by name. */
  readonly results: ReadonlyMap<string, GPUBuffer>;
  destroy(): void;
}

/**
 * The most photos that a batch may have on a device: no value may take more than a kernel can bind.
 */
export function largestBatch(device: Device, { buffers, outputs, network }: DeviceProgram): number {
  const { channels, height, width } = network.inputShape;
  const floats = [
    channels * height * width,
    ...outputs.map(({ value: { shape } }) => shape.channels * shape.height * shape.width),
  ];
  const { maxStorageBufferBindingSize, maxBufferSize } = device.gpu.limits;
  // The results of a batch come back in one buffer.
  const results = floats.slice(1).reduce((sum, count) => sum + count, 0);
  return Math.min(
    ...buffers.groupsPerPhoto.map((groups) => device.photosWithin(groups)),
    ...floats.map((count) => Math.floor(maxStorageBufferBindingSize / floatBytes([count]))),
    Math.floor(maxBufferSize / floatBytes([results])),
  );
}

/**
 * Makes buffers and pipelines for batches of up to `capacity` photos.
 * @throws Error that names the step that the device cannot compute.
 */
export async function createBatchProgram(
  device: Device,
  tiles: TileChooser,
  program: DeviceProgram,
  capacity: number,
): Promise<BatchProgram> {
  const builder = new Builder(device, program, capacity);
  try {
    builder.load();
    builder.store(-1);
    for (const [index, step] of program.steps.entries()) {
      if (step.kind === "pool") builder.pool(step);
      else await builder.convolve(step, tiles);
      builder.store(index);
    }
    await device.errors.settle(Promise.resolve());
    return builder.program();
  } catch (error) {
    builder.destroy();
    throw error;
  }
}

class Builder {
  readonly #photos: GPUBuffer;
  readonly #source: GPUBuffer;
  readonly #values: readonly GPUBuffer[];
  readonly #nothing: GPUBuffer;
  readonly #results = new Map<string, GPUBuffer>();
  readonly #dispatches: BatchDispatch[] = [];

  constructor(readonly device: Device, readonly plan: DeviceProgram, readonly capacity: number) {
    const { network, buffers } = plan;
    const { channels, height, width } = network.inputShape;
    const bytes = groupBytes(device.precision);
    this.#photos = device.uniform(Uint32Array.BYTES_PER_ELEMENT, "the number of photos");
    const element = plan.normalisation ? Uint8Array.BYTES_PER_ELEMENT : Float32Array.BYTES_PER_ELEMENT;
    this.#source = device.storage(capacity * channels * height * width * element, `${network.architecture}'s photos`);
    this.#values = buffers.groupsPerPhoto.map((groups, buffer) =>
      device.storage(capacity * groups * bytes, `${network.architecture}'s values ${buffer}`)
    );
    this.#nothing = device.storage(16, "no bias");
    // Trials run full batches.
    device.write(this.#photos, Uint32Array.of(capacity), "the number of photos");
  }

  load(): void {
    const { network: { input }, normalisation } = this.plan;
    const value = placeOf(this.plan.buffers, input);
    const pixels = value.shape.height * value.shape.width;
    const buffers = [this.#source, this.#values[value.buffer]];
    const { precision } = this.device;
    if (normalisation) {
      this.#add(`${input} (load)`, loadPixelsShader(value, precision), [...buffers, normalisation], pixels);
    } else {
      this.#add(`${input} (load)`, loadValuesShader(value, precision), buffers, pixels * groupsOf(value.runs));
    }
  }

  /** Gives out what is whole after a step. */
  store(step: number): void {
    for (const output of this.plan.outputs) {
      if (output.wholeAfter === step) this.#store(output);
    }
  }

  #store({ name, value, places }: ProgramOutput): void {
    const { channels, height, width } = value.shape;
    const result = this.device.storage(floatBytes([this.capacity, channels, height, width]), `${name}'s result`);
    this.#results.set(name, result);
    this.#add(`${name} (store)`, storeValuesShader(value, this.device.precision), [
      this.#values[value.buffer],
      result,
      places,
    ], channels * height * width);
  }

  pool(step: PoolStep): void {
    const input = placeOf(this.plan.buffers, step.input);
    const output = placeOf(this.plan.buffers, step.output);
    const bias = step.biasOf ? weightsOf(this.plan, step.biasOf).bias : this.#nothing;
    this.#add(`${step.output} (${step.by})`, poolShader(step, input, output, this.device.precision), [
      this.#values[input.buffer],
      this.#values[output.buffer],
      bias,
    ], output.shape.height * output.shape.width * groupsOf(output.runs));
  }

  async convolve(step: ConvolutionStep, tiles: TileChooser): Promise<void> {
    const place = (name: string) => placeOf(this.plan.buffers, name);
    const places: ConvolutionPlaces = {
      input: place(step.input),
      output: place(step.output),
      residual: step.residual === undefined ? undefined : place(step.residual),
    };
    const operation = `${step.output} (convolution)`;
    const { kernel, bias } = weightsOf(this.plan, step.row);
    const withTile = (tile: Tile) => {
      const pipeline = this.device.pipeline(convolutionShader(step, places, tile, this.device.precision), operation);
      return {
        name: operation,
        pipeline,
        bindings: this.device.bind(pipeline, [
          this.#photos,
          this.#values[places.input.buffer],
          kernel,
          this.#values[places.output.buffer],
          step.bias ? bias : undefined,
          places.residual && this.#values[places.residual.buffer],
        ], operation),
      };
    };
    const gemm = gemmOf(step, places, this.capacity);
    const tile = await tiles.choose(
      tileKey(step, places, this.capacity, this.device),
      gemm,
      (tile) => ({ ...withTile(tile), grid: convolutionGrid(gemm, tile) }),
    );
    const grid = (photos: number) => convolutionGrid(gemmOf(step, places, photos), tile);
    this.#dispatches.push({ ...withTile(tile), grid, tile });
  }

  #add(name: string, shader: string, buffers: readonly GPUBuffer[], invocationsPerPhoto: number): void {
    const pipeline = this.device.pipeline(shader, name);
    const bindings = this.device.bind(pipeline, [this.#photos, ...buffers], name);
    this.#dispatches.push({ name, pipeline, bindings, grid: (photos) => elementGrid(photos * invocationsPerPhoto) });
  }

  program(): BatchProgram {
    return {
      capacity: this.capacity,
      source: this.#source,
      photos: this.#photos,
      dispatches: this.#dispatches,
      results: this.#results,
      destroy: () => this.destroy(),
    };
  }

  destroy(): void {
    const buffers = [this.#photos, this.#source, this.#nothing, ...this.#values, ...this.#results.values()];
    for (const buffer of buffers) buffer.destroy();
  }
}

/** What the time of a convolution depends on. */
function tileKey(
  { row: { kernel, stride } }: ConvolutionStep,
  { input, output, residual }: ConvolutionPlaces,
  photos: number,
  { precision }: Device,
): string {
  const size = ({ height, width }: { height: number; width: number }) => `${height}x${width}`;
  return [
    precision,
    `${photos} photos`,
    `${groupsOf(input.runs)}x${size(input.shape)}`,
    `${groupsOf(output.runs)}x${size(output.shape)}`,
    `kernel ${kernel.join("x")}`,
    `stride ${stride.join("x")}`,
    ...(residual ? ["residual"] : []),
  ].join(", ");
}
