import { entryOf } from "../../../../data/base/entry_of.ts";
import type {
  ActivationShape,
  AveragePoolRow,
  ConvolutionRow,
  MaxPoolRow,
  Network,
  Row,
} from "../../../networks/layers.ts";
import { shapesOf } from "../../../networks/network.ts";
import { commutedPools } from "../../commuted_pools.ts";

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
  readonly by: "max" | "average";
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
  const shapes = shapesOf(network);
  const commuted = commutedPools(network, outputs, shapes);
  const computed = network.rows.flatMap((row) => stepsOf(row, commuted, shapes));
  const { steps, concatenated } = placeConcatenations(network, computed);
  for (const step of steps) {
    // What steps write beside the network's values is as high and wide as what they read.
    if (!shapes.has(step.output)) shapes.set(step.output, shapeLike(entryOf(shapes, step.input, "a value"), step));
  }
  return { steps, shapes, concatenated };
}

function shapeLike(read: ActivationShape, step: DeviceStep): ActivationShape {
  return step.kind === "convolution" ? { ...read, channels: step.row.outputChannels } : read;
}

/** A row's steps: none for a concatenation and for a mean that another row's steps take, two for that row. */
function stepsOf(
  row: Row,
  commuted: ReadonlyMap<string, AveragePoolRow>,
  shapes: ReadonlyMap<string, ActivationShape>,
): DeviceStep[] {
  if (row.kind === "concatenate" || commuted.has(row.output)) return [];
  const pool = row.kind === "convolution" ? commuted.get(row.input) : undefined;
  if (row.kind !== "convolution" || pool === undefined) return [stepOf(row, shapes)];
  const unpooled = `${row.output} before its mean`;
  return [
    { kind: "convolution", row, input: pool.input, output: unpooled, bias: false, relu: false },
    { ...averageStep(pool), input: unpooled, output: row.output, biasOf: row },
  ];
}

function stepOf(row: Exclude<Row, { kind: "concatenate" }>, shapes: ReadonlyMap<string, ActivationShape>): DeviceStep {
  switch (row.kind) {
    case "convolution": {
      const { input, output, residual, relu } = row;
      return { kind: "convolution", row, input, output, residual, bias: true, relu };
    }
    case "max_pool":
      return { ...windowOf(row), kind: "pool", by: "max", countPadding: false };
    case "average_pool":
      return averageStep(row);
    case "global_average": {
      const { height, width } = entryOf(shapes, row.input, "a value");
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

/** Copies by the value that they follow: the one whose writing makes whole what they copy. The newest comes first. */
type Copies = ReadonlyMap<string, readonly PoolStep[]>;

/**
 * Decides which concatenated values are written in place, and copies the others: what is the network's input, or in
 * another concatenation already, or would have a step read and write the same buffer, which WebGPU forbids.
 */
function placeConcatenations(
  network: Network,
  steps: readonly DeviceStep[],
): Pick<DeviceSteps, "steps" | "concatenated"> {
  const concatenated = new Map<string, readonly string[]>();
  const copies = new Map<string, readonly PoolStep[]>();
  const taken = new Set<string>();
  for (const row of network.rows) {
    if (row.kind !== "concatenate") continue;
    const members: string[] = [];
    for (const [position, name] of row.inputs.entries()) {
      const once = row.inputs.indexOf(name) === row.inputs.lastIndexOf(name);
      if (once && !taken.has(name) && canLieBeside(name, members, steps)) {
        taken.add(name);
        members.push(name);
        continue;
      }
      const copy = copyStep(name, `${name} in ${row.output}, place ${position}`);
      const followed = lastWritten(concatenated.get(name) ?? [name], withCopies(network.input, steps, copies));
      copies.set(followed, [copy, ...copies.get(followed) ?? []]);
      members.push(copy.output);
    }
    concatenated.set(row.output, members);
  }
  return { steps: withCopies(network.input, steps, copies), concatenated };
}

/** Whether a step writes the value, and none reads and writes one of the members and the value. */
function canLieBeside(name: string, members: readonly string[], steps: readonly DeviceStep[]): boolean {
  const conflicts = steps.some((step) =>
    (readsOf(step).includes(name) && members.includes(step.output)) ||
    (step.output === name && readsOf(step).some((read) => members.includes(read)))
  );
  return !conflicts && steps.some((step) => step.output === name);
}

/** The value among some that is written last; the network's input, which no step writes, is there before all. */
function lastWritten(names: readonly string[], steps: readonly DeviceStep[]): string {
  return steps.findLast(({ output }) => names.includes(output))?.output ?? names[0];
}

/** The steps with each copy right behind the value that it follows. */
function withCopies(input: string, steps: readonly DeviceStep[], copies: Copies): DeviceStep[] {
  const behind = (name: string): DeviceStep[] =>
    (copies.get(name) ?? []).flatMap((copy) => [copy, ...behind(copy.output)]);
  return [...behind(input), ...steps.flatMap((step) => [step, ...behind(step.output)])];
}

function copyStep(input: string, output: string): PoolStep {
  const pixel = { kernel: [1, 1], stride: [1, 1], padding: [0, 0] } as const;
  return { kind: "pool", by: "max", input, output, ...pixel, countPadding: false };
}

/** The values that a step reads. */
export function readsOf(step: DeviceStep): readonly string[] {
  return step.kind === "convolution" && step.residual !== undefined ? [step.input, step.residual] : [step.input];
}
