import type { ActivationShape, Network } from "../../../networks/layers.ts";
import { type ChannelRuns, groupsOf } from "./channel_layout.ts";
import { type DeviceStep, type DeviceSteps, readsOf } from "./device_steps.ts";

/** Where a value lies: `[photo, height, width, groups of four channels]` in a buffer that may hold more channels. */
export interface PlacedValue {
  readonly shape: ActivationShape;
  readonly runs: ChannelRuns;
  /** The number of its buffer. */
  readonly buffer: number;
  /** The groups of four channels that a pixel takes in the buffer, and the first of them that is this value's. */
  readonly stride: number;
  readonly offset: number;
}

/** Which values lie where, decided once for every batch. */
export interface BufferPlan {
  readonly values: ReadonlyMap<string, PlacedValue>;
  /** For each buffer the groups of four channels that a photo takes in it. */
  readonly groupsPerPhoto: readonly number[];
}

/** Values that share a buffer: one value, or all that lie side by side in a concatenation. */
interface Tenant {
  /** The value that spans the buffer. */
  readonly whole: string;
  readonly groups: number;
  readonly lastUse: number;
}

/**
 * Gives each value a buffer for as long as a step reads it. No step reads and writes the same buffer: what a step reads
 * is still in use when its output gets a place.
 * @param outputs values that are read once more right after the step that completes them.
 */
export function planBuffers(network: Network, { steps, shapes, concatenated }: DeviceSteps): BufferPlan {
  const shapeOf = (name: string) => shapes.get(name) ?? network.inputShape;
  const runs = channelRuns(network, steps, shapeOf, concatenated);
  const runsOf = (name: string) => runs.get(name) ?? [shapeOf(name).channels];
  const spans = new Map<string, string>();
  for (const [whole, members] of concatenated) for (const member of members) spans.set(member, whole);
  const wholeOf = (name: string): string => spans.get(name) ?? name;

  const lastUse = new Map<string, number>();
  for (const [index, step] of steps.entries()) {
    for (const name of [...readsOf(step), step.output]) lastUse.set(wholeOf(name), index);
  }
  const tenantOf = (name: string): Tenant => {
    const whole = wholeOf(name);
    const { height, width } = shapeOf(whole);
    return { whole, groups: height * width * groupsOf(runsOf(whole)), lastUse: lastUse.get(whole) ?? 0 };
  };

  const groupsPerPhoto: number[] = [];
  const bufferOf = new Map<string, number>();
  const occupied = new Map<number, number>();
  const moveIn = ({ whole, groups, lastUse }: Tenant, now: number) => {
    const free = groupsPerPhoto.map((_, buffer) => buffer).filter((buffer) => (occupied.get(buffer) ?? -1) < now);
    // The smallest that holds it, else the largest, which grows.
    const holding = free.filter((buffer) => groupsPerPhoto[buffer] >= groups);
    const bySize = (a: number, b: number) => groupsPerPhoto[a] - groupsPerPhoto[b];
    const buffer = holding.toSorted(bySize).at(0) ?? free.toSorted(bySize).at(-1) ?? groupsPerPhoto.length;
    groupsPerPhoto[buffer] = Math.max(groupsPerPhoto[buffer] ?? 0, groups);
    occupied.set(buffer, lastUse);
    bufferOf.set(whole, buffer);
  };
  moveIn(tenantOf(network.input), 0);
  for (const [now, step] of steps.entries()) {
    const tenant = tenantOf(step.output);
    if (!bufferOf.has(tenant.whole)) moveIn(tenant, now);
  }

  const values = new Map<string, PlacedValue>();
  const place = (name: string, offset: number) => {
    const whole = wholeOf(name);
    const buffer = bufferOf.get(whole) ?? 0;
    values.set(name, { shape: shapeOf(name), runs: runsOf(name), buffer, stride: groupsOf(runsOf(whole)), offset });
  };
  for (const name of [network.input, ...steps.map(({ output }) => output)]) if (!spans.has(name)) place(name, 0);
  for (const [whole, members] of concatenated) {
    place(whole, 0);
    let offset = 0;
    for (const member of members) {
      place(member, offset);
      offset += groupsOf(runsOf(member));
    }
  }
  return { values, groupsPerPhoto };
}

/**
 * How each value's channels lie. A concatenation has its members' runs; a pool keeps its input's; a convolution with a
 * residual takes the residual's, so that the two can be added group by group.
 */
function channelRuns(
  network: Network,
  steps: readonly DeviceStep[],
  shapeOf: (name: string) => ActivationShape,
  concatenated: ReadonlyMap<string, readonly string[]>,
): Map<string, ChannelRuns> {
  const runs = new Map<string, ChannelRuns>([[network.input, [network.inputShape.channels]]]);
  const runsOf = (name: string): ChannelRuns => {
    const members = concatenated.get(name);
    return members ? members.flatMap(runsOf) : runs.get(name) ?? [shapeOf(name).channels];
  };
  for (const step of steps) {
    if (step.kind === "pool") runs.set(step.output, runsOf(step.input));
    else runs.set(step.output, step.residual === undefined ? [step.row.outputChannels] : runsOf(step.residual));
  }
  for (const name of concatenated.keys()) runs.set(name, runsOf(name));
  return runs;
}
