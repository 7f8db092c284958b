import type {
  ActivationShape,
  AveragePoolRow,
  ConvolutionRow,
  MaxPoolRow,
  Network,
  Row,
} from "../../../networks/layers.ts";
import { inputsOf, shapesOf } from "../../../networks/network.ts";

/** A convolution with what is done to its sums before they are written. */
export interface ConvolutionStep {
  readonly kind: "convolution";
  readonly row: ConvolutionRow;
  readonly input: string;
  readonly output: string;
  readonly residual?: string;
  /** Whether the folded batch norm's bias is added here; else a pool after it does. */
  readonly bias: boolean;
  readonly relu: boolean;
}

/** A maximum or mean over windows, or a copy: a maximum over one pixel. */
export interface PoolStep extends Omit<AveragePoolRow, "kind"> {
  readonly kind: "pool";
  readonly by: "maximum" | "average";
  /** The convolution whose bias is added, then ReLU where that row has it. */
  readonly biasOf?: ConvolutionRow;
}

/** One dispatch between values. */
export type DeviceStep = ConvolutionStep | PoolStep;

/** A network as dispatches. */
export interface DeviceSteps {
  readonly steps: readonly DeviceStep[];
  /** The shape of every value that a step reads or writes. */
  readonly shapes: ReadonlyMap<string, ActivationShape>;
  /** Concatenated values, each with the values that lie side by side in it. Steps write these in place. */
  readonly concatenated: ReadonlyMap<string, readonly string[]>;
}

/**
 * Turns rows into dispatches. Concatenations need none, unless a value cannot be written in place. A mean before a 1x1
 * convolution with fewer outputs than inputs comes after it, which is the same, since both are linear and act on
 * different axes, and pools fewer channels; bias and ReLU then follow the mean.
 */
export function deviceSteps(network: Network, outputs: readonly string[]): DeviceSteps {
  const shapes = new Map(shapesOf(network));
  const steps: DeviceStep[] = [];
  const commuted = commutedPools(network, outputs, shapes);
  for (const row of network.rows) {
    if (row.kind === "concatenate" || (row.kind === "average_pool" && commuted.has(row.output))) continue;
    const pool = row.kind === "convolution" ? commuted.get(row.input) : undefined;
    if (row.kind === "convolution" && pool) {
      const unpooled = `${row.output} before its mean`;
      const { height, width } = shapes.get(pool.input) ?? network.inputShape;
      shapes.set(unpooled, { channels: row.outputChannels, height, width });
      steps.push(
        { kind: "convolution", row, input: pool.input, output: unpooled, bias: false, relu: false },
        { ...averageStep(pool), input: unpooled, output: row.output, biasOf: row },
      );
    } else {
      steps.push(stepOf(row, shapes));
    }
  }
  return { ...placeConcatenations(network, steps, shapes), shapes };
}

function stepOf(row: Exclude<Row, { kind: "concatenate" }>, shapes: ReadonlyMap<string, ActivationShape>): DeviceStep {
  switch (row.kind) {
    case "convolution": {
      const { input, output, residual, relu } = row;
      return { kind: "convolution", row, input, output, residual, bias: true, relu };
    }
    case "max_pool":
      return { ...windowOf(row), kind: "pool", by: "maximum", countPadding: false };
    case "average_pool":
      return averageStep(row);
    case "global_average": {
      const { height = 1, width = 1 } = shapes.get(row.input) ?? {};
      const whole = { kernel: [height, width], stride: [1, 1], padding: [0, 0] } as const;
      return { kind: "pool", by: "average", input: row.input, output: row.output, ...whole, countPadding: false };
    }
  }
}

function windowOf({ input, output, kernel, stride, padding }: MaxPoolRow | AveragePoolRow) {
  return { input, output, kernel, stride, padding };
}

function averageStep(row: AveragePoolRow): PoolStep {
  return { ...windowOf(row), kind: "pool", by: "average", countPadding: row.countPadding };
}

/** The means that are better taken after the convolution that reads them, by their output. */
function commutedPools(
  network: Network,
  outputs: readonly string[],
  shapes: ReadonlyMap<string, ActivationShape>,
): Map<string, AveragePoolRow> {
  const commuted = new Map<string, AveragePoolRow>();
  for (const row of network.rows) {
    if (row.kind !== "average_pool" || outputs.includes(row.output) || row.output === network.output) continue;
    const readers = network.rows.filter((reader) => inputsOf(reader).includes(row.output));
    const [reader] = readers;
    if (readers.length !== 1 || reader.kind !== "convolution" || reader.residual !== undefined) continue;
    const pointwise = [...reader.kernel, ...reader.stride].every((extent) => extent === 1) &&
      reader.padding.every((extent) => extent === 0);
    const [before, after] = [shapes.get(row.input), shapes.get(row.output)];
    const keepsSize = before?.height === after?.height && before?.width === after?.width;
    if (pointwise && keepsSize && reader.outputChannels < reader.inputChannels) commuted.set(row.output, row);
  }
  return commuted;
}

/**
 * Decides which concatenated values are written in place, and copies the others: what is the network's input, or in
 * another concatenation already, or would have a step read and write the same buffer, which WebGPU forbids.
 */
function placeConcatenations(
  network: Network,
  steps: readonly DeviceStep[],
  shapes: Map<string, ActivationShape>,
): Pick<DeviceSteps, "steps" | "concatenated"> {
  const placed = [...steps];
  const concatenated = new Map<string, readonly string[]>();
  const taken = new Set<string>([network.input]);
  for (const row of network.rows) {
    if (row.kind !== "concatenate") continue;
    const members: string[] = [];
    for (const [position, name] of row.inputs.entries()) {
      const writer = placed.find((step) => step.output === name);
      const conflicts = placed.some((step) =>
        (readsOf(step).includes(name) && members.includes(step.output)) ||
        (step.output === name && readsOf(step).some((read) => members.includes(read)))
      );
      const once = row.inputs.indexOf(name) === row.inputs.lastIndexOf(name);
      if (writer && once && !conflicts && !taken.has(name)) {
        taken.add(name);
        members.push(name);
      } else {
        const copy = `${name} in ${row.output}, place ${position}`;
        shapes.set(copy, shapes.get(name) ?? network.inputShape);
        placed.splice(placeAfter(name, placed, concatenated), 0, copyStep(name, copy));
        taken.add(copy);
        members.push(copy);
      }
    }
    concatenated.set(row.output, members);
  }
  return { steps: placed, concatenated };
}

/** The first place among the steps at which a value is whole. */
function placeAfter(
  name: string,
  steps: readonly DeviceStep[],
  concatenated: ReadonlyMap<string, readonly string[]>,
): number {
  const parts = concatenated.get(name);
  if (parts) return Math.max(...parts.map((part) => placeAfter(part, steps, concatenated)));
  return steps.findIndex((step) => step.output === name) + 1;
}

function copyStep(input: string, output: string): PoolStep {
  const pixel = { kernel: [1, 1], stride: [1, 1], padding: [0, 0] } as const;
  return { kind: "pool", by: "maximum", input, output, ...pixel, countPadding: false };
}

/** The values that a step reads. */
export function readsOf(step: DeviceStep): readonly string[] {
  return step.kind === "convolution" && step.residual !== undefined ? [step.input, step.residual] : [step.input];
}
