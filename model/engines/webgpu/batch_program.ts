import { groupsOf } from "./plan/channel_layout.ts";
import type { Device } from "./device/device.ts";
import { type DeviceProgram, placeOf, type ProgramOutput, weightsOf } from "./device_program.ts";
import type { ConvolutionStep, PoolStep } from "./plan/device_steps.ts";
import { entryOf } from "../../../data/base/entry_of.ts";
import { type BoundLayer, boundLayer } from "./bound_layer.ts";
import { convolutionGrid } from "./kernels/convolution.ts";
import { poolShader } from "./kernels/pool.ts";
import { elementGrid, type Grid, groupBytes } from "./kernels/shader.ts";
import type { Tile } from "./kernels/tile.ts";
import { loadPixelsShader, loadValuesShader, storeValuesShader } from "./kernels/transfer.ts";
import type { Dispatch } from "./device/device_clock.ts";
import { floatBytes } from "./device/float_bytes.ts";
import { OverflowFlags } from "./device/overflow_flags.ts";
import type { TileChooser } from "./tiles/tile_chooser.ts";

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
  /** Where values are stored in 16 bits: which of them did not fit. */
  readonly overflows?: OverflowFlags;
  destroy(): void;
}

/**
 * The most photos that a batch may have on a device: no value may take more than a kernel can bind.
 */
export function largestBatch(device: Device, { buffers, outputs, network, steps }: DeviceProgram): number {
  const { channels, height, width } = network.inputShape;
  const floats = [
    channels * height * width,
    ...outputs.map(({ value: { shape } }) => shape.channels * shape.height * shape.width),
  ];
  const { maxStorageBufferBindingSize, maxBufferSize } = device.gpu.limits;
  // The results of a batch come back in one buffer, with its flags.
  const results = floats.slice(1).reduce((sum, count) => sum + count, 0);
  const flags = OverflowFlags.bytes(device, 1 + steps.length);
  return Math.min(
    ...buffers.groupsPerPhoto.map((groups) => device.photosWithin(groups)),
    ...floats.map((count) => Math.floor(maxStorageBufferBindingSize / floatBytes([count]))),
    Math.floor((maxBufferSize - flags) / floatBytes([results])),
  );
}

/** What a batch's program is made with. */
export interface BatchOptions {
  /** The most photos of a batch. */
  readonly capacity: number;
  /** Whether tiles may be timed first, for which the capacity has to be what they are chosen for. */
  readonly measure: boolean;
}

/**
 * Makes buffers and pipelines for batches of up to `capacity` photos.
 * @throws Error that names the step that the device cannot compute.
 */
export async function createBatchProgram(
  device: Device,
  tiles: TileChooser,
  program: DeviceProgram,
  { capacity, measure }: BatchOptions,
): Promise<BatchProgram> {
  const photos = Math.max(1, Math.min(tiles.photos, largestBatch(device, program)));
  const builder = new Builder(device, program, capacity);
  try {
    const layers = program.steps.flatMap((step, place) =>
      step.kind === "convolution" ? [builder.layer(step, place, photos)] : []
    );
    const chosen = await tiles.choose(layers, measure);
    const convolutions = new Map(layers.map((layer, k) => [layer.place, { layer, tile: chosen[k] }]));
    builder.load();
    builder.store(-1);
    for (const [place, step] of program.steps.entries()) {
      if (step.kind === "pool") builder.pool(step, place);
      else builder.convolve(entryOf(convolutions, place, "a convolution"));
      builder.store(place);
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
  readonly #overflows: OverflowFlags | undefined;
  readonly #results = new Map<string, GPUBuffer>();
  readonly #dispatches: BatchDispatch[] = [];

  constructor(readonly device: Device, readonly plan: DeviceProgram, readonly capacity: number) {
    const { network, buffers, steps } = plan;
    const { channels, height, width } = network.inputShape;
    const bytes = groupBytes(device.precision);
    this.#photos = device.uniform(Uint32Array.BYTES_PER_ELEMENT, "the number of photos");
    const element = plan.normalisation ? Uint8Array.BYTES_PER_ELEMENT : Float32Array.BYTES_PER_ELEMENT;
    this.#source = device.storage(capacity * channels * height * width * element, `${network.architecture}'s photos`);
    this.#values = buffers.groupsPerPhoto.map((groups, buffer) =>
      device.storage(capacity * groups * bytes, `${network.architecture}'s values ${buffer}`)
    );
    this.#nothing = device.storage(16, "no bias");
    const layers = steps.map((step) => (step.kind === "pool" ? step.output : step.row.name));
    if (device.precision === "f16") this.#overflows = new OverflowFlags(device, [network.input, ...layers]);
    // Trials run full batches.
    device.write(this.#photos, Uint32Array.of(capacity), "the number of photos");
  }

  load(): void {
    const { network: { input }, normalisation } = this.plan;
    const value = placeOf(this.plan.buffers, input);
    const pixels = value.shape.height * value.shape.width;
    const buffers = [this.#source, this.#values[value.buffer]];
    const { precision } = this.device;
    const [name, flag] = [`${input} (load)`, this.#overflows?.of(0)];
    if (normalisation) this.#add(name, loadPixelsShader(value, precision), [...buffers, normalisation], pixels, flag);
    else this.#add(name, loadValuesShader(value, precision), buffers, pixels * groupsOf(value.runs), flag);
  }

  /** Gives out what is whole after a step. */
  store(place: number): void {
    for (const output of this.plan.outputs) {
      if (output.wholeAfter === place) this.#store(output);
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

  pool(step: PoolStep, place: number): void {
    const input = placeOf(this.plan.buffers, step.input);
    const output = placeOf(this.plan.buffers, step.output);
    const bias = step.biasOf ? weightsOf(this.plan, step.biasOf).bias : this.#nothing;
    const shader = poolShader(step, input, output, this.device.precision);
    const buffers = [this.#values[input.buffer], this.#values[output.buffer], bias];
    const pixels = output.shape.height * output.shape.width;
    const flag = this.#flagOf(place);
    this.#add(`${step.output} (${step.by})`, shader, buffers, pixels * groupsOf(output.runs), flag);
  }

  /** @param photos of the batch for which its tile is chosen */
  layer(step: ConvolutionStep, place: number, photos: number): BoundLayer {
    const { device, plan } = this;
    const buffers = { photos: this.#photos, values: this.#values, overflow: this.#flagOf(place) };
    return boundLayer(device, plan, step, { place, photos, buffers });
  }

  convolve({ layer, tile }: { readonly layer: BoundLayer; readonly tile: Tile }): void {
    const pipeline = this.device.pipeline(layer.shader(tile), layer.operation);
    const grid = (photos: number) => convolutionGrid(layer.gemmOf(photos), tile);
    this.#dispatches.push({ name: layer.operation, pipeline, bindings: layer.bind(pipeline), grid, tile });
  }

  /** A step's flag; the first is the input's. */
  #flagOf(place: number): GPUBufferBinding | undefined {
    return this.#overflows?.of(1 + place);
  }

  #add(
    name: string,
    shader: string,
    buffers: readonly GPUBuffer[],
    invocationsPerPhoto: number,
    flag?: GPUBufferBinding,
  ): void {
    const pipeline = this.device.pipeline(shader, name);
    const bindings = this.device.bind(pipeline, [this.#photos, ...buffers], name, flag);
    this.#dispatches.push({ name, pipeline, bindings, grid: (photos) => elementGrid(photos * invocationsPerPhoto) });
  }

  program(): BatchProgram {
    return {
      capacity: this.capacity,
      source: this.#source,
      photos: this.#photos,
      dispatches: this.#dispatches,
      results: this.#results,
      overflows: this.#overflows,
      destroy: () => this.destroy(),
    };
  }

  destroy(): void {
    const buffers = [this.#photos, this.#source, this.#nothing, ...this.#values, ...this.#results.values()];
    for (const buffer of buffers) buffer.destroy();
    this.#overflows?.destroy();
  }
}
