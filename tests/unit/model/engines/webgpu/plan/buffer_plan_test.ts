import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { planBuffers } from "../../../../../../model/engines/webgpu/plan/buffer_plan.ts";
import { groupsOf } from "../../../../../../model/engines/webgpu/plan/channel_layout.ts";
import { type DeviceStep, deviceSteps, readsOf } from "../../../../../../model/engines/webgpu/plan/device_steps.ts";
import { inceptionV3 } from "../../../../../../model/networks/backbones/inception_v3.ts";
import type { Network } from "../../../../../../model/networks/layers.ts";
import { resnet50 } from "../../../../../../model/networks/backbones/resnet50.ts";
import { randomNetworks } from "../random_network.ts";

/** Plays the steps through: which value's data each place of each buffer holds. */
function checkPlan(network: Network): void {
  const planned = deviceSteps(network, [network.output]);
  const { steps, concatenated } = planned;
  const { values, groupsPerPhoto } = planBuffers(network, planned);
  const held = new Map<string, string>();
  const placeOf = (name: string) => {
    const value = values.get(name);
    assert(value !== undefined, `${name} has a place`);
    return value;
  };
  const places = (name: string) => {
    const { buffer, offset, runs } = placeOf(name);
    return Array.from({ length: groupsOf(runs) }, (_, group) => `${buffer}:${offset + group}`);
  };
  const write = (name: string) => {
    const { buffer, stride, shape } = placeOf(name);
    assert(shape.height * shape.width * stride <= groupsPerPhoto[buffer], `${name} fits its buffer`);
    for (const place of places(name)) held.set(place, name);
  };
  const assertWhole = (name: string, when: string) => {
    const parts = (concatenated.get(name) ?? [name]).flatMap((part) => places(part).map(() => part));
    assertEquals(places(name).map((place) => held.get(place)), parts, `${name} is whole when ${when}`);
  };
  write(network.input);
  for (const [index, step] of steps.entries()) {
    for (const name of readsOf(step)) {
      assertNotEquals(placeOf(name).buffer, placeOf(step.output).buffer, `${step.output} reads ${name}`);
      assertWhole(name, `${step.output} reads it`);
    }
    write(step.output);
    // Whatever is complete now can be given out now.
    for (const [name, parts] of [[step.output, [step.output]] as const, ...concatenated]) {
      if (lastWrite(steps, parts) === index) assertWhole(name, "it was just written");
    }
  }
}

function lastWrite(steps: readonly DeviceStep[], parts: readonly string[]): number {
  return Math.max(...parts.map((part) => steps.findIndex(({ output }) => output === part)));
}

Deno.test("planBuffers() keeps every value until its last reader, and no step reads what it writes", () => {
  fc.assert(fc.property(randomNetworks(), checkPlan), { numRuns: 500 });
});

Deno.test("planBuffers() plans both backbones in a few buffers, and copies nothing", () => {
  for (const network of [resnet50(), inceptionV3()]) {
    checkPlan(network);
    const planned = deviceSteps(network, [network.output]);
    assert(planBuffers(network, planned).groupsPerPhoto.length <= 6);
    assertEquals(planned.steps.filter(({ output }) => output.includes(", place ")), []);
  }
});
