import { assert, assertEquals } from "@std/assert";
import { randomFrom } from "../../../../../data/random.ts";
import { createOnnxTrainer } from "../../../../../model/engines/onnx/onnx_trainer.ts";
import { initialHead } from "../../../../../model/networks/fused/head.ts";

Deno.test("createOnnxTrainer() gives the same bits whether it updates whole matrices or some rows at a time", async () => {
  const spec = { head: { features: 9, hidden: [7, 3] }, tuned: [], momentum: 0.9, batchSize: 4 };
  const random = randomFrom(1, "blocks");
  const start = initialHead(spec.head, random);
  const batches = Array.from({ length: 3 }, () => ({
    inputs: [{ shape: [4, 9], data: Float32Array.from({ length: 36 }, random) }],
    labels: Uint8Array.of(0, 1, 1, 0),
  }));
  const results = [];
  // The second is nine values to a row, so that a block is two rows and the last one is one.
  for (const valuesABlock of [1000, 20]) {
    const trainer = await createOnnxTrainer(spec, start, 2, valuesABlock);
    const steps = await trainer.step(batches, { head: 0.1, tuned: 0 });
    const state = await trainer.state();
    assert(state.get("head.1.weight")?.data.some((value, k) => value !== start.get("head.1.weight")?.data[k]));
    // A state that was read is a copy: further steps change nothing in it.
    const copy = new Map([...state].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
    await trainer.step(batches, { head: 0.1, tuned: 0 });
    assertEquals(state, copy);
    results.push({ steps, state, evaluated: await trainer.evaluate(batches[0].inputs) });
    await trainer.close();
  }
  assertEquals(results[1], results[0]);
});

Deno.test("createOnnxTrainer() takes steps that are asked for before the last ones are done after those", async () => {
  const spec = { head: { features: 5, hidden: [4] }, tuned: [], momentum: 0.9, batchSize: 2 };
  const random = randomFrom(2, "overlapping");
  const start = initialHead(spec.head, random);
  const batches = Array.from({ length: 5 }, () => ({
    inputs: [{ shape: [2, 5], data: Float32Array.from({ length: 10 }, random) }],
    labels: Uint8Array.of(0, 1),
  }));
  const rates = { head: 0.1, tuned: 0 };
  const results = [];
  for (const calls of [[batches], [batches.slice(0, 4), batches.slice(4)]]) {
    const trainer = await createOnnxTrainer(spec, start, 1);
    const steps = await Promise.all(calls.map((some) => trainer.step(some, rates)));
    results.push({ steps: steps.flat(), state: await trainer.state() });
    await trainer.close();
  }
  assertEquals(results[1], results[0]);
});
