import { assertEquals } from "@std/assert";
import { randomFrom } from "../../../../../data/random.ts";
import { createOnnxTrainer } from "../../../../../model/engines/onnx/onnx_trainer.ts";
import { initialHead } from "../../../../../model/networks/fused/head.ts";

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
