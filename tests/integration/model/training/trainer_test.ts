import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Engine } from "../../../../model/engines/engine.ts";
import type { TensorMap } from "../../../../model/tensor.ts";
import type { TrainerSpec } from "../../../../model/training/trainer.ts";
import { testEachEngine } from "../engines/engines_here.ts";
import { assertLeaksNothing } from "../engines/leaks.ts";
import { checkGoldenFineTuning } from "./golden_fine_tune.ts";
import { assertClose } from "./golden_files.ts";
import { checkGoldenHead } from "./golden_head.ts";
import { batchFor, checkPlainStep, HEAD, RATES, stateFor } from "./plain_step.ts";

testEachEngine(
  (engine) => `Engine.train() trains a head as PyTorch does on ${engine}`,
  (engine) => checkGoldenHead((spec, state) => engine.train(spec, state), 1e-5),
);

testEachEngine(
  (engine) => `Engine.train() fine-tunes as PyTorch does on ${engine}`,
  (engine) => checkGoldenFineTuning((spec, state) => engine.train(spec, state), 1e-4),
);

testEachEngine(
  (engine) => `Trainer.step() does what its program means with every kind of row on ${engine}`,
  (engine) => checkPlainStep((spec, state) => engine.train(spec, state), 1e-4),
);

async function trained<T>(
  engine: Engine,
  spec: TrainerSpec,
  state: TensorMap,
  use: (trainer: Awaited<ReturnType<Engine["train"]>>) => Promise<T>,
): Promise<T> {
  const trainer = await engine.train(spec, state);
  try {
    return await use(trainer);
  } finally {
    await trainer.close();
  }
}

testEachEngine(
  (engine) => `Trainer.step() gives the same bytes again, in one call or several, and from its own state on ${engine}`,
  async (engine) => {
    const batches = [0, 1, 2].map((k) => batchFor(HEAD, 100 * k));
    const start = stateFor(HEAD);
    const atOnce = await trained(engine, HEAD, start, async (trainer) => {
      const results = await trainer.step(batches, RATES);
      assertEquals(results.length, 3);
      return await trainer.state();
    });
    const half = await trained(engine, HEAD, start, async (trainer) => {
      await trainer.step(batches.slice(0, 1), RATES);
      return await trainer.state();
    });
    const resumed = await trained(engine, HEAD, half, async (trainer) => {
      for (const batch of batches.slice(1)) await trainer.step([batch], RATES);
      return await trainer.state();
    });
    assertEquals(resumed, atOnce);
    assertNotEquals(half, atOnce);
  },
);

testEachEngine(
  (engine) => `Engine.train() leaves the state that it was given as it is, and keeps none of it, on ${engine}`,
  async (engine) => {
    const given = stateFor(HEAD);
    const expected = await trained(engine, HEAD, stateFor(HEAD), async (trainer) => {
      await trainer.step([batchFor(HEAD)], RATES);
      return await trainer.state();
    });
    await trained(engine, HEAD, given, async (trainer) => {
      assertEquals(given, stateFor(HEAD));
      for (const { data } of given.values()) data.fill(9);
      await trainer.step([batchFor(HEAD)], RATES);
      assertEquals(await trainer.state(), expected);
    });
  },
);

testEachEngine(
  (engine) => `Trainer.evaluate() says the same of a photo in any batch and changes nothing on ${engine}`,
  (engine) =>
    trained(engine, HEAD, stateFor(HEAD), async (trainer) => {
      const before = await trainer.state();
      const [{ data }] = [0, 1, 2].map((k) => batchFor({ ...HEAD, batchSize: 9 }, k).inputs[0]);
      const all = await trainer.evaluate([{ shape: [9, 6], data }]);
      assertEquals(all.shape, [9, 2]);
      for (const photo of [0, 3, 4, 8]) {
        const alone = await trainer.evaluate([{ shape: [1, 6], data: data.slice(6 * photo, 6 * photo + 6) }]);
        assertClose(alone.data, all.data.slice(2 * photo, 2 * photo + 2), 1e-6, `photo ${photo}`);
      }
      assertEquals(await trainer.state(), before);
    }),
);

testEachEngine(
  (engine) => `Trainer.step() counts right answers and shows a loss that is not finite on ${engine}`,
  (engine) =>
    trained(engine, HEAD, stateFor(HEAD), async (trainer) => {
      const batch = batchFor(HEAD);
      const [{ loss, correct }] = await trainer.step([batch], { head: 0, tuned: 0 });
      const [opposite] = await trainer.step([{ ...batch, labels: batch.labels.map((label) => 1 - label) }], RATES);
      assertEquals([Number.isFinite(loss), correct + opposite.correct], [true, HEAD.batchSize]);
      const broken = { shape: [4, 6], data: new Float32Array(24).fill(NaN) };
      const [astray] = await trainer.step([{ ...batch, inputs: [broken] }], RATES);
      assertEquals(Number.isFinite(astray.loss), false);
    }),
);

testEachEngine(
  (engine) => `Trainer.step() holds nothing more after 100 steps on ${engine}`,
  (engine) =>
    trained(engine, HEAD, stateFor(HEAD), (trainer) => {
      return assertLeaksNothing(engine, () => trainer.step([batchFor(HEAD)], RATES));
    }),
  // onnxruntime shows the process's memory alone, in which a head's state would not be seen.
  { engines: ["webgpu", "wasm", "cpu"] },
);

testEachEngine(
  (engine) => `Engine.train() and its trainer refuse what does not fit on ${engine}`,
  async (engine) => {
    await assertRejects(() => engine.train(HEAD, new Map()), RangeError, "head.0.weight is missing");
    await trained(engine, HEAD, stateFor(HEAD), async (trainer) => {
      const { inputs, labels } = batchFor({ ...HEAD, batchSize: 3 });
      await assertRejects(() => trainer.step([{ inputs, labels }], RATES), RangeError, "expected 4 photos and labels");
      await assertRejects(() => trainer.evaluate([]), RangeError, "expected [photos, 6], got []");
      const wide = { shape: [2, 7], data: new Float32Array(14) };
      await assertRejects(() => trainer.evaluate([wide]), RangeError, "expected [photos, 6], got [2,7]");
    });
  },
);
