import type { Device } from "./device/device.ts";
import { type DeviceProgram, placeOf, weightsOf } from "./device_program.ts";
import { convolutionGrid, type ConvolutionPlaces, convolutionShader, gemmOf } from "./kernels/convolution.ts";
import type { GemmExtents, Tile } from "./kernels/tile.ts";
import { groupsOf } from "./plan/channel_layout.ts";
import type { ConvolutionStep } from "./plan/device_steps.ts";
import type { ConvolutionLayer } from "./tiles/tile_chooser.ts";

/** A convolution among a program's steps, which can be compiled and bound with any tile. */
export interface BoundLayer extends ConvolutionLayer {
  readonly place: number;
  readonly operation: string;
  shader(tile: Tile): string;
  bind(pipeline: GPUComputePipeline): GPUBindGroup;
  gemmOf(photos: number): GemmExtents;
}

/** Where a convolution stands, and what it is bound to besides its weights. */
export interface LayerBinding {
  readonly place: number;
  /** Of the batch for which its tile is chosen. */
  readonly photos: number;
  readonly buffers: {
    readonly photos: GPUBuffer;
    readonly values: readonly GPUBuffer[];
    readonly overflow: GPUBufferBinding | undefined;
  };
}

/** A convolution on the buffers of a batch. */
export function boundLayer(
  device: Device,
  plan: DeviceProgram,
  step: ConvolutionStep,
  { place, photos, buffers: { photos: count, values, overflow } }: LayerBinding,
): BoundLayer {
  const valueOf = (name: string) => placeOf(plan.buffers, name);
  const places: ConvolutionPlaces = {
    input: valueOf(step.input),
    output: valueOf(step.output),
    residual: step.residual === undefined ? undefined : valueOf(step.residual),
  };
  const operation = `${step.output} (convolution)`;
  const { kernel, bias } = weightsOf(plan, step.row);
  const buffers = [
    count,
    values[places.input.buffer],
    kernel,
    values[places.output.buffer],
    step.bias ? bias : undefined,
    places.residual && values[places.residual.buffer],
  ];
  const shader = (tile: Tile) => convolutionShader(step, places, tile, device.precision);
  const bind = (pipeline: GPUComputePipeline) => device.bind(pipeline, buffers, operation, overflow);
  const gemm = gemmOf(step, places, photos);
  return {
    place,
    operation,
    shader,
    bind,
    key: tileKey(step, places, device),
    gemm,
    gemmOf: (photos) => gemmOf(step, places, photos),
    async dispatchWith(tile) {
      const pipeline = await device.pipelineUnlessRefused(shader(tile), operation);
      return pipeline && { name: operation, pipeline, bindings: bind(pipeline), grid: convolutionGrid(gemm, tile) };
    },
  };
}

/** What the time of a convolution depends on. */
function tileKey(
  { row: { kernel, stride } }: ConvolutionStep,
  { input, output, residual }: ConvolutionPlaces,
  { precision }: Device,
): string {
  const size = ({ height, width }: { height: number; width: number }) => `${height}x${width}`;
  return [
    precision,
    `${groupsOf(input.runs)}x${size(input.shape)}`,
    `${groupsOf(output.runs)}x${size(output.shape)}`,
    `kernel ${kernel.join("x")}`,
    `stride ${stride.join("x")}`,
    ...(residual ? ["residual"] : []),
  ].join(", ");
}
