import { assertEquals, assertThrows } from "@std/assert";
import { initialHead } from "../../../../model/networks/fused/head.ts";
import type { TrainerSpec } from "../../../../model/training/trainer.ts";
import { trainingProgram } from "../../../../model/training/training_program.ts";
import { completeState, fromGraph, stateTensors, toGraph } from "../../../../model/training/training_state.ts";
import { awkwardNetwork, wave, weightsFor } from "../../../integration/model/engines/awkward_network.ts";

const HEAD = { features: 7, hidden: [3] };
const SPEC: TrainerSpec = {
  head: HEAD,
  tuned: [{ prefix: "part", network: awkwardNetwork() }],
  momentum: 0.9,
  batchSize: 2,
};

function state() {
  const tuned = [...weightsFor(awkwardNetwork())].map(([name, weight]) => [`part.${name}`, weight] as const);
  return new Map([...initialHead(HEAD, () => 0.3), ...tuned]);
}

Deno.test("completeState() adds momentum of zero to what is trained, and to nothing else", () => {
  const given = state();
  const complete = completeState(SPEC, given);
  const momenta = [...complete.keys()].filter((name) => name.startsWith("momentum."));
  const trained = [...given.keys()].filter((name) => !name.includes("running"));
  assertEquals(momenta.map((name) => name.slice("momentum.".length)).sort(), trained.sort());
  assertEquals(momenta.flatMap((name) => [...complete.get(name)?.data ?? [1]]).some((value) => value !== 0), false);
  for (const [name, tensor] of given) assertEquals(complete.get(name), tensor, name);
});

Deno.test("completeState() lists all that is wrong at once", () => {
  const given = state();
  given.delete("head.3.bias");
  given.set("part.oblong.weight", { shape: [1], data: new Float32Array(1) });
  given.set("momentum.head.0.running_mean", { shape: [7], data: new Float32Array(7) });
  const error = assertThrows(() => completeState(SPEC, given), RangeError);
  assertEquals(
    error.message,
    "Cannot train from this state: momentum.head.0.running_mean is not known; head.3.bias is missing; " +
      "part.oblong.weight should be [5,3,1,7] but is [1]",
  );
});

Deno.test("fromGraph() undoes toGraph()", () => {
  for (const shape of [[5], [3, 4], [4, 3, 2, 5], [2, 1, 1, 1]]) {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, k) => wave(k));
    assertEquals(fromGraph(toGraph({ shape, data }).data, shape), { shape, data });
  }
});

Deno.test("toGraph() puts a kernel's channels last", () => {
  const kernel = { shape: [1, 2, 1, 3], data: Float32Array.of(1, 2, 3, 10, 20, 30) };
  assertEquals(toGraph(kernel), { shape: [1, 6], data: Float32Array.of(1, 10, 2, 20, 3, 30) });
});

Deno.test("trainingProgram() changes what is trained and the head's statistics, and nothing else", () => {
  const { nextState } = trainingProgram(SPEC).step;
  const changed = [...nextState.keys()].filter((name) => !name.startsWith("momentum."));
  const frozen = stateTensors(SPEC).map(({ name }) => name).filter((name) => !nextState.has(name));
  assertEquals(frozen.every((name) => /^part\..*running/.test(name)), true);
  assertEquals(changed.includes("head.0.running_var"), true);
  assertEquals(changed.length + frozen.length, stateTensors(SPEC).length);
});

Deno.test("trainingProgram() refuses what cannot be trained", () => {
  assertThrows(() => trainingProgram({ ...SPEC, batchSize: 1 }), RangeError, "batches of 2 photos or more");
  const head = { features: 8, hidden: [] };
  assertThrows(() => trainingProgram({ ...SPEC, head }), RangeError, "expected 8 features for the head, got 7");
});
