import type { Network } from "../../../model/networks/layers.ts";
import { planBuffers } from "../../../model/engines/webgpu/plan/buffer_plan.ts";
import { groupsOf } from "../../../model/engines/webgpu/plan/channel_layout.ts";
import { type DeviceStep, deviceSteps } from "../../../model/engines/webgpu/plan/device_steps.ts";
import { productOf } from "../../../model/engines/webgpu/kernels/convolution.ts";
import { ELEMENT_WORKGROUP, groupBytes, type Precision } from "../../../model/engines/webgpu/kernels/shader.ts";
import {
  type ProductExtents,
  type Tile,
  tileBytes,
  tileGroups,
  tileRegisters,
  tileRows,
} from "../../../model/engines/webgpu/kernels/tile.ts";

/** What a step takes, counted without running it. */
export interface LayerCost {
  readonly output: string;
  readonly kind: string;
  /** The name of its dispatch. */
  readonly dispatch: string;
  /** Two for each multiplication with its addition that the layer asks for. */
  readonly flops: number;
  /** The same with what is computed beyond the edges of tiles and for channels that only fill a group. */
  readonly computedFlops: number;
  /** Each operand and the result once: what no implementation can do without. */
  readonly leastBytes: number;
  /** What workgroups ask of caches and memory: an operand is read again by each tile that needs it. */
  readonly askedBytes: number;
  readonly workgroups: number;
  /** Of a convolution, its tile, and per workgroup or invocation what that takes. */
  readonly tile?: Tile;
  readonly workgroupBytes: number;
  readonly registers: number;
}

/** Chooses the tile of a step. */
export type TileOf = (step: DeviceStep, product: ProductExtents) => Tile;

/** The costs of every dispatch between values for a batch of so many photos. */
export function layerCosts(
  network: Network,
  outputs: readonly string[],
  photos: number,
  precision: Precision,
  tileOf: TileOf,
): LayerCost[] {
  const planned = deviceSteps(network, outputs);
  const { values } = planBuffers(network, planned);
  const placed = (name: string) => {
    const value = values.get(name);
    if (value === undefined) throw new RangeError(`Cannot count ${name}: expected a value of the plan, got none`);
    return value;
  };
  const bytesOf = (name: string) => {
    const { shape, runs } = placed(name);
    return photos * shape.height * shape.width * groupsOf(runs) * groupBytes(precision);
  };
  return planned.steps.map((step): LayerCost => {
    const [input, output] = [placed(step.input), placed(step.output)];
    if (step.kind === "pool") {
      const bytes = bytesOf(step.input) + bytesOf(step.output);
      const taps = step.kernel[0] * step.kernel[1];
      const positions = photos * output.shape.height * output.shape.width;
      const operations = positions * taps * output.shape.channels;
      const workgroups = Math.ceil(positions * groupsOf(output.runs) / ELEMENT_WORKGROUP);
      const asked = bytesOf(step.output) * (taps + 1);
      const common = { workgroups, workgroupBytes: 0, registers: 16 };
      const flops = { flops: operations, computedFlops: operations };
      const names = { output: step.output, kind: step.by, dispatch: `${step.output} (${step.by})` };
      return { ...names, ...flops, leastBytes: bytes, askedBytes: asked, ...common };
    }
    const residual = step.residual === undefined ? undefined : placed(step.residual);
    const product = productOf(step, { input, output, residual }, photos);
    const tile = tileOf(step, product);
    const columns = Math.ceil(product.groups / tileGroups(tile));
    const rows = Math.ceil(product.rows / tileRows(tile));
    const taps = step.row.kernel[0] * step.row.kernel[1];
    const flops = 2 * product.rows * taps * step.row.inputChannels * step.row.outputChannels;
    const depth = Math.ceil(product.depthGroups / tile.depthGroups) * tile.depthGroups;
    const computedFlops = 2 * columns * rows * tileRows(tile) * tileGroups(tile) * 4 * depth * 4;
    const kernelBytes = product.depthGroups * 4 * product.groups * groupBytes(precision);
    const residualBytes = step.residual === undefined ? 0 : bytesOf(step.residual);
    const operandBytes = columns * rows * depth * (tileRows(tile) + 4 * tileGroups(tile)) * groupBytes(precision);
    return {
      output: step.output,
      kind: `${step.row.kernel.join("x")} convolution`,
      dispatch: `${step.output} (convolution)`,
      flops,
      computedFlops,
      leastBytes: bytesOf(step.input) + kernelBytes + bytesOf(step.output) + residualBytes,
      askedBytes: operandBytes + bytesOf(step.output) + residualBytes,
      workgroups: columns * rows,
      tile,
      workgroupBytes: tileBytes(tile),
      registers: tileRegisters(tile),
    };
  });
}
