import { entryOf } from "../../../../data/base/entry_of.ts";
import type { ActivationShape, Network } from "../../../networks/layers.ts";
import { assignBuffers, type Tenant } from "./assign_buffers.ts";
import { type ChannelRuns, groupsOf } from "./channel_layout.ts";
import { type DeviceSteps, readsOf } from "./device_steps.ts";

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

/** Values that share a buffer, by the one that spans it: one value, or all that lie side by side in a concatenation. */
type Tenants = ReadonlyMap<string, Tenant>;

/**
 * Gives each value a buffer for as long as a step reads it. No step reads and writes the same buffer: what a step reads
 * is still in use when its output gets a place.
 */
export function planBuffers(network: Network, planned: DeviceSteps): BufferPlan {
  const runs = channelRuns(network, planned);
  const tenants = tenantsOf(network, planned, runs);
  const { bufferOf, sizes } = assignBuffers(tenants);
  const values = new Map<string, PlacedValue>();
  for (const whole of tenants.keys()) {
    const buffer = entryOf(bufferOf, whole, "a buffer");
    const stride = groupsOf(entryOf(runs, whole, "channel runs"));
    for (const { name, offset } of membersIn(whole, planned, runs)) {
      const shape = entryOf(planned.shapes, name, `a value of ${network.architecture}`);
      values.set(name, { shape, runs: entryOf(runs, name, "channel runs"), buffer, stride, offset });
    }
  }
  return { values, groupsPerPhoto: sizes };
}

/**
 * How each value's channels lie. A concatenation has its members' runs; a pool keeps its input's; a convolution with a
 * residual takes the residual's, so that the two can be added group by group.
 */
function channelRuns(network: Network, { steps, concatenated }: DeviceSteps): Map<string, ChannelRuns> {
  const runs = new Map<string, ChannelRuns>([[network.input, [network.inputShape.channels]]]);
  const runsOf = (name: string): ChannelRuns =>
    concatenated.get(name)?.flatMap(runsOf) ?? entryOf(runs, name, "channel runs");
  for (const step of steps) {
    if (step.kind === "pool") runs.set(step.output, runsOf(step.input));
    else runs.set(step.output, step.residual === undefined ? [step.row.outputChannels] : runsOf(step.residual));
  }
  for (const name of concatenated.keys()) runs.set(name, runsOf(name));
  return runs;
}

/** Who needs a buffer, in the order in which they move in: the network's input, then what the steps write. */
function tenantsOf(
  network: Network,
  { steps, shapes, concatenated }: DeviceSteps,
  runs: ReadonlyMap<string, ChannelRuns>,
): Tenants {
  const spans = new Map([...concatenated].flatMap(([whole, members]) => members.map((member) => [member, whole])));
  const wholeOf = (name: string) => spans.get(name) ?? name;
  const firstUse = new Map([[network.input, 0]]);
  const lastUse = new Map([[network.input, 0]]);
  for (const [index, step] of steps.entries()) {
    if (!firstUse.has(wholeOf(step.output))) firstUse.set(wholeOf(step.output), index);
    for (const name of [...readsOf(step), step.output]) lastUse.set(wholeOf(name), index);
  }
  return new Map([...firstUse].map(([whole, first]) => {
    const { height, width } = entryOf(shapes, whole, `a value of ${network.architecture}`);
    const size = height * width * groupsOf(entryOf(runs, whole, "channel runs"));
    return [whole, { size, firstUse: first, lastUse: entryOf(lastUse, whole, "a last use") }];
  }));
}

/** A value that spans a buffer and, where it is a concatenation, the values in it, each with its first group. */
function membersIn(
  whole: string,
  { concatenated }: DeviceSteps,
  runs: ReadonlyMap<string, ChannelRuns>,
): { readonly name: string; readonly offset: number }[] {
  const placed = [{ name: whole, offset: 0 }];
  let offset = 0;
  for (const name of concatenated.get(whole) ?? []) {
    placed.push({ name, offset });
    offset += groupsOf(entryOf(runs, name, "channel runs"));
  }
  return placed;
}
