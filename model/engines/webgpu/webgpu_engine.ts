import type { Engine } from "../engine.ts";
import { Device } from "./device/device.ts";
import { type GpuAdapter, requestGpuDevice } from "../gpu/gpu_adapter.ts";
import { GpuErrors } from "../gpu/gpu_errors.ts";
import { FloatWidth } from "./float_width.ts";
import type { Precision } from "./kernels/shader.ts";
import { storedTiles } from "./tiles/stored_tiles.ts";
import { MeasuredTiles, TilesByRule } from "./tiles/tile_chooser.ts";
import { matMulTransposed } from "./training/mat_mul_transposed.ts";
import { createWebgpuTrainer } from "./training/webgpu_trainer.ts";
import { WideningNetwork } from "./widening_network.ts";

/** Beyond this, waiting for the photos takes longer than a fuller device saves. */
const BATCH_SIZE = 32;

/** How an engine on WebGPU is opened. */
export interface WebgpuOptions {
  /** How activations are stored: by default in 16 bits where a GPU has them, else in 32. */
  readonly precision?: Precision;
  /** Tells the user one line. */
  say?(line: string): void;
}

/** This project's own kernels on a WebGPU device, to run and to train; training computes in 32 bits. */
export async function openWebgpuEngine(
  found: GpuAdapter,
  { precision, say = () => {} }: WebgpuOptions = {},
): Promise<Engine> {
  const gpu = await requestGpuDevice(found);
  const errors = new GpuErrors(gpu);
  const { vendor, architecture } = found.adapter.info;
  const name = [found.description, vendor, architecture].join(" ");
  const starts = precision ?? (gpu.features.has("shader-f16") && !found.isSoftware ? "f16" : "f32");
  const width = new FloatWidth(starts, (precision) => {
    const device = new Device(errors, name, precision);
    // On software, all tiles are as slow, and batches are small.
    if (found.isSoftware) return { device, tiles: new TilesByRule(device, 1) };
    return { device, tiles: new MeasuredTiles(device, { store: storedTiles(name), photos: BATCH_SIZE, say }) };
  }, say);
  const trains = new Device(errors, name, "f32");
  return {
    name: "webgpu",
    get device() {
      return `${found.description}, in ${width.precision === "f16" ? 16 : 32} bits`;
    },
    get precision() {
      return width.precision;
    },
    halves: starts === "f16" ? width : undefined,
    batchSize: BATCH_SIZE,
    compile: (...job) => WideningNetwork.compile(width, ...job),
    train: (spec, state) => createWebgpuTrainer(trains, spec, state),
    matMulTransposed: (a, b) => matMulTransposed(trains, a, b),
    close() {
      errors.close();
      return Promise.resolve();
    },
  };
}
