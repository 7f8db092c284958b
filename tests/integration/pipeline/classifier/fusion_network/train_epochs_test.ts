import { join } from "@std/path";
import { assert, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { TensorMap } from "../../../../../model/tensor.ts";
import { readTensorFile, STATE_FILE } from "../../../../../pipeline/classifier/state_file.ts";
import {
  type TrainedEpochs,
  trainEpochs,
  type TrainingPlan,
} from "../../../../../pipeline/classifier/fusion_network/train_epochs.ts";
import type { LabelledId } from "../../../../../pipeline/photos/photo.ts";
import { runFolder, StageFolder } from "../../../../../pipeline/store/run_folder.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";
import { fakeTools, fakeToolsWith } from "../../runner/fake_tools.ts";
import { FakeTrainer, featuresOf, initialWeights } from "./fake_trainer.ts";
import { inFolder } from "../../in_folder.ts";

function photosOf(count: number, from = 0): LabelledId[] {
  return Array.from({ length: count }, (_, k) => {
    const label = k % 2 ? "dog" : "cat";
    return { id: `${label}.${from + k}.jpg`, label };
  });
}

/** A plan for a fake trainer, with all trainers that it starts. */
function planned(given: Partial<TrainingPlan> = {}): { plan: TrainingPlan; trainers: FakeTrainer[] } {
  const trainers: FakeTrainer[] = [];
  const plan: TrainingPlan = {
    epochs: 4,
    batchSize: 4,
    rates: { headRate: 0.5, backboneRate: 0.05 },
    startCounts: false,
    train: photosOf(22),
    validation: photosOf(10, 100),
    inputs: featuresOf,
    start(state) {
      const trainer = new FakeTrainer(state);
      trainers.push(trainer);
      return Promise.resolve(trainer);
    },
    initialState: initialWeights(),
    ...given,
  };
  return { plan, trainers };
}

/** What fitting says, but for the time it took. */
function withoutTimes({ epochs, best }: TrainedEpochs) {
  return { best, epochs: epochs.map(({ seconds: _, ...epoch }) => epoch) };
}

/** A trainer whose validation losses are given: whatever it is shown, it is as wrong as that. */
class ScriptedTrainer extends FakeTrainer {
  readonly #losses: number[];

  constructor(state: TensorMap, losses: readonly number[]) {
    super(state);
    this.#losses = [...losses];
  }

  override evaluate() {
    // One cat: its loss is log(1 + exp(dog - cat)).
    const excess = Math.log(Math.expm1(this.#losses.shift() ?? 0));
    return Promise.resolve({ shape: [1, 2], data: Float32Array.of(0, excess) });
  }
}

/** A plan of which each epoch's validation loss is given. */
function scripted(losses: readonly number[], given: Partial<TrainingPlan> = {}) {
  const trainers: FakeTrainer[] = [];
  const { plan } = planned({ validation: [{ id: "cat.0.jpg", label: "cat" }], epochs: losses.length, ...given });
  const start = (state: TensorMap) => {
    const trainer = new ScriptedTrainer(state, losses);
    trainers.push(trainer);
    return Promise.resolve(trainer);
  };
  return { plan: { ...plan, start }, trainers };
}

Deno.test("trainEpochs() learns, and tells of every epoch", () =>
  inFolder(async (folder) => {
    const { plan, trainers } = planned();
    const tools = fakeTools(folder);
    const { epochs, best } = await trainEpochs(plan, tools);
    assertEquals(epochs.map(({ epoch }) => epoch), [1, 2, 3, 4]);
    assert(epochs[3].validationLoss < epochs[0].validationLoss, "the validation loss falls");
    assert(epochs[3].validationAccuracy >= 0.8);
    assertEquals(epochs.map(({ headRate, backboneRate }) => [headRate, backboneRate]), Array(4).fill([0.5, 0.05]));
    assertEquals(best, 4);
    assertEquals(tools.said.length, 4);
    assertEquals(trainers.map(({ closed }) => closed), [true]);
  }));

Deno.test("trainEpochs() leaves the best epoch's state without momentum, and no checkpoint", () =>
  inFolder(async (folder) => {
    const { plan, trainers } = planned();
    const tools = fakeTools(folder);
    await trainEpochs(plan, tools);
    assertEquals(await tools.folder.list(), [STATE_FILE]);
    const { tensors } = await readTensorFile(tools.folder, STATE_FILE);
    assertEquals([...tensors.keys()], ["head.0.weight"]);
    assertEquals(tensors.get("head.0.weight"), (await trainers[0].state()).get("head.0.weight"));
  }));

/** A trainer that takes a while for its steps. */
class SlowTrainer extends FakeTrainer {
  underway = 0;
  mostUnderway = 0;

  override async step(...asked: Parameters<FakeTrainer["step"]>) {
    this.mostUnderway = Math.max(this.mostUnderway, ++this.underway);
    const results = await super.step(...asked);
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.underway--;
    return results;
  }
}

Deno.test("trainEpochs() queues the next steps while the last ones are computed, and no more", () =>
  inFolder(async (folder) => {
    const train = photosOf(60);
    const slow = new SlowTrainer(initialWeights());
    const { plan } = planned({ epochs: 2, train, start: () => Promise.resolve(slow) });
    const result = await trainEpochs(plan, fakeTools(folder));
    assertEquals([slow.mostUnderway, slow.underway], [2, 0]);
    const plain = planned({ epochs: 2, train }).plan;
    await inFolder(async (other) => {
      assertEquals(withoutTimes(result), withoutTimes(await trainEpochs(plain, fakeTools(other))));
    });
  }));

Deno.test("trainEpochs() drops the last batch when it is not full", () =>
  inFolder(async (folder) => {
    const { plan, trainers } = planned({ epochs: 1 });
    await trainEpochs(plan, fakeTools(folder));
    assertEquals(trainers[0].batchSizes, [4, 4, 4, 4, 4]); // Of 22 photos, 20.
  }));

Deno.test("trainEpochs() shuffles each epoch anew, and shows each photo at most once", () =>
  inFolder(async (folder) => {
    const shown: string[][] = [];
    const { plan } = planned({
      epochs: 2,
      train: photosOf(20),
      inputs(ids) {
        if (ids.every((id) => Number(id.split(".")[1]) < 100)) shown.push([...ids]);
        return featuresOf(ids);
      },
    });
    await trainEpochs(plan, fakeTools(folder));
    const [first, second] = [shown.slice(0, 5).flat(), shown.slice(5).flat()];
    const all = photosOf(20).map(({ id }) => id).sort();
    assertEquals([first.toSorted(), second.toSorted()], [all, all]);
    assertNotEquals(first, second);
  }));

Deno.test("trainEpochs() gives the same for the same seed", () =>
  inFolder(async (folder) => {
    const results: unknown[] = [];
    for (const name of ["a", "b"]) {
      const tools = fakeTools(join(folder, name));
      results.push([withoutTimes(await trainEpochs(planned().plan, tools)), await tools.folder.read(STATE_FILE)]);
    }
    assertEquals(results[0], results[1]);
  }));

Deno.test("trainEpochs() goes on after being stopped at any batch, to the very same result", () =>
  inFolder(async (folder) => {
    // At so high a rate the loss jumps about, and the plateau schedule has something to remember.
    const settings = { startCounts: true, patience: 0, rates: { headRate: 20, backboneRate: 2 }, epochs: 5 };
    const whole = fakeTools(join(folder, "whole"));
    const expected = withoutTimes(await trainEpochs(planned(settings).plan, whole));
    assert(new Set(expected.epochs.map(({ headRate }) => headRate)).size > 1);
    let reads = 0;
    const counted = planned({ ...settings, inputs: (ids) => (reads++, featuresOf(ids)) }).plan;
    await trainEpochs(counted, fakeTools(join(folder, "counted")));
    for (let stopAt = 1; stopAt <= reads; stopAt++) {
      const tools = fakeTools(join(folder, `stopped ${stopAt}`));
      let left = stopAt;
      const inputs: TrainingPlan["inputs"] = (ids) =>
        --left === 0 ? Promise.reject(new Error("killed")) : featuresOf(ids);
      await assertRejects(() => trainEpochs(planned({ ...settings, inputs }).plan, tools), Error, "killed");
      const resumed = planned(settings);
      assertEquals(withoutTimes(await trainEpochs(resumed.plan, tools)), expected, `stopped at read ${stopAt}`);
      assertEquals(await tools.folder.read(STATE_FILE), await whole.folder.read(STATE_FILE));
    }
  }));

Deno.test("trainEpochs() does not repeat epochs that a checkpoint holds", () =>
  inFolder(async (folder) => {
    let left = 20;
    const inputs: TrainingPlan["inputs"] = (ids) =>
      --left === 0 ? Promise.reject(new Error("killed")) : featuresOf(ids);
    await assertRejects(() => trainEpochs(planned({ inputs }).plan, fakeTools(folder)), Error, "killed");
    const { plan, trainers } = planned();
    await trainEpochs(plan, fakeTools(folder));
    // An epoch reads 5 batches and validates once: the kill came in the fourth.
    assertEquals(trainers[0].batchSizes.length, 5);
  }));

Deno.test("trainEpochs() starts anew where a bit of what a killed run left was flipped, and comes to the same result", async () => {
  const finished = async (folder: string) => ({
    ...withoutTimes(await trainEpochs(planned().plan, fakeTools(folder))),
    tensors: (await readTensorFile(new StageFolder(runFolder(folder)), STATE_FILE)).tensors,
  });
  const wholes: unknown[] = [];
  await inFolder(async (folder) => void wholes.push(await finished(folder)));
  for (const file of ["checkpoint.safetensors", STATE_FILE]) {
    await inFolder(async (folder) => {
      let left = 20;
      const inputs: TrainingPlan["inputs"] = (ids) =>
        --left === 0 ? Promise.reject(new Error("killed")) : featuresOf(ids);
      await assertRejects(() => trainEpochs(planned({ inputs }).plan, fakeTools(folder)), Error, "killed");
      const bytes = await Deno.readFile(join(folder, file));
      bytes[bytes.length - 2] ^= 1;
      await Deno.writeFile(join(folder, file), bytes);
      assertEquals([await finished(folder)], wholes);
    });
  }
});

Deno.test("trainEpochs() keeps the epoch with the lowest validation loss, the first of equal ones", () =>
  inFolder(async (folder) => {
    const { plan, trainers } = scripted([0.5, 0.25, 0.75, 0.25]);
    const states: Promise<TensorMap>[] = [];
    const tools = fakeToolsWith(folder, { say: () => void states.push(trainers[0].state()) });
    assertEquals((await trainEpochs(plan, tools)).best, 2);
    const kept = (await readTensorFile(tools.folder, STATE_FILE)).tensors.get("head.0.weight");
    assertEquals(kept, (await states[1]).get("head.0.weight"));
    assertNotEquals(kept, (await states[3]).get("head.0.weight"));
  }));

Deno.test("trainEpochs() may keep the state that it started from, where that counts", () =>
  inFolder(async (folder) => {
    const { plan } = scripted([0.1, 0.5, 0.4], { startCounts: true, epochs: 2 });
    const tools = fakeTools(folder);
    const { epochs, best } = await trainEpochs(plan, tools);
    assertEquals([best, epochs.map(({ epoch }) => epoch)], [0, [0, 1, 2]]);
    assertEquals([epochs[0].trainLoss, epochs[0].trainAccuracy], [null, null]);
    assertEquals((await readTensorFile(tools.folder, STATE_FILE)).tensors, initialWeights());
  }));

Deno.test("trainEpochs() lowers both rates to a tenth after more epochs without improvement than it bears", () =>
  inFolder(async (folder) => {
    const { plan, trainers } = scripted([0.5, 0.6, 0.6, 0.6, 0.4, 0.6], { patience: 2 });
    const { epochs } = await trainEpochs(plan, fakeTools(folder));
    const rates = epochs.map(({ headRate, backboneRate }) => [headRate, backboneRate]);
    assertEquals(rates, [...Array(4).fill([0.5, 0.05]), ...Array(2).fill([0.5 * 0.1, 0.05 * 0.1])]);
    assertEquals(trainers[0].rates.at(-1), { head: 0.5 * 0.1, tuned: 0.05 * 0.1 });
  }));

Deno.test("trainEpochs() keeps the rates without a patience", () =>
  inFolder(async (folder) => {
    const { epochs } = await trainEpochs(scripted([0.5, 0.6, 0.6, 0.6, 0.6]).plan, fakeTools(folder));
    assertEquals(new Set(epochs.map(({ headRate }) => headRate)), new Set([0.5]));
  }));

Deno.test("trainEpochs() stops at a loss that is not finite, with what to try, and takes nothing as finished", () =>
  inFolder(async (folder) => {
    const tools = fakeTools(folder);
    const inputs: TrainingPlan["inputs"] = async (ids) => {
      const [features] = await featuresOf(ids);
      return [{ ...features, data: features.data.fill(NaN) }];
    };
    const { plan, trainers } = planned({ inputs });
    const { message } = await assertRejects(() => trainEpochs(plan, tools), UserError);
    assertStringIncludes(message, "Cannot go on training: expected a finite loss in epoch 1, got NaN");
    assertStringIncludes(message, "Try a recipe with a lower rate");
    assertEquals(await tools.folder.list(), []);
    assertEquals(trainers[0].closed, true);
  }));

Deno.test("trainEpochs() stops at a validation loss that is not finite", () =>
  inFolder(async (folder) => {
    const tools = fakeTools(folder);
    const { message } = await assertRejects(() => trainEpochs(scripted([0.5, NaN, 0.4]).plan, tools), UserError);
    assertStringIncludes(message, "expected a finite validation loss in epoch 2, got NaN");
  }));

Deno.test("trainEpochs() refuses fewer photos than a batch holds", () =>
  inFolder(async (folder) => {
    const { plan, trainers } = planned({ train: photosOf(3) });
    const { message } = await assertRejects(() => trainEpochs(plan, fakeTools(folder)), UserError);
    assertEquals(message, "Cannot train: expected at least one batch of 4 photos, got 3. Add photos");
    assertEquals(trainers, []);
  }));

Deno.test("trainEpochs() ends when the user interrupts", () =>
  inFolder(async (folder) => {
    const interruption = new AbortController();
    const tools = fakeToolsWith(folder, { signal: interruption.signal });
    const inputs: TrainingPlan["inputs"] = (ids) => (interruption.abort(), featuresOf(ids));
    await assertRejects(() => trainEpochs(planned({ inputs }).plan, tools), Error, "aborted");
    assertEquals(await tools.folder.list(), []);
  }));
