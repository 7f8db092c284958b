import { assert, assertEquals } from "@std/assert";
import { openWebgpuBackend } from "../../../../../../model/engines/tfjs/webgpu_backend.ts";
import { createTfjsTrainer } from "../../../../../../model/engines/tfjs/tfjs_trainer.ts";
import { Device } from "../../../../../../model/engines/webgpu/device/device.ts";
import { createWebgpuTrainer } from "../../../../../../model/engines/webgpu/training/webgpu_trainer.ts";
import { initialHead } from "../../../../../../model/networks/fused/head.ts";
import { sizeOf, type TensorMap } from "../../../../../../model/tensor.ts";
import type { Trainer, TrainerSpec, TrainingBatch } from "../../../../../../model/training/trainer.ts";
import { randomFrom } from "../../../../../../data/random.ts";
import { assertClose } from "../../../training/golden_files.ts";
import { tinyFineTuning } from "../../../training/golden_fine_tune.ts";
import { wave } from "../../awkward_network.ts";
import { countGpuCalls, type GpuCounts } from "../../gpu/gpu_counts.ts";
import { found, testOnGpu } from "../../gpu/test_on_gpu.ts";

/** As deep as the write-up's head, and narrow. */
const HEAD: TrainerSpec = { head: { features: 12, hidden: [9, 5, 3] }, tuned: [], momentum: 0.9, batchSize: 4 };
const RATES = { head: 0.05, tuned: 0.01 };

function headState(): TensorMap {
  return initialHead(HEAD.head, randomFrom(1, "head"));
}

function headBatch(phase = 0): TrainingBatch {
  const shape = [HEAD.batchSize, HEAD.head.features];
  const data = Float32Array.from({ length: sizeOf(shape) }, (_, k) => wave(k + phase));
  return { inputs: [{ shape, data }], labels: Uint8Array.of(0, 1, 1, 0) };
}

/** What some steps ask of the device, once a trainer is warm, and their losses. */
async function countSteps(
  trainer: Trainer,
  batch: TrainingBatch,
  steps: number,
): Promise<{ counts: GpuCounts; losses: number[] }> {
  try {
    const batches = Array.from({ length: steps }, () => batch);
    await trainer.step(batches, RATES);
    const counter = countGpuCalls();
    try {
      const results = await trainer.step(batches, RATES);
      return { counts: counter.counts(), losses: results.map(({ loss }) => loss) };
    } finally {
      counter.stop();
    }
  } finally {
    await trainer.close();
  }
}

/** Steps by our own kernels and by tfjs on the same adapter. */
async function countBoth(device: Device, spec: TrainerSpec, state: TensorMap, batch: TrainingBatch, steps: number) {
  const own = await countSteps(await createWebgpuTrainer(device, spec, state), batch, steps);
  assert(found !== undefined);
  const backend = await openWebgpuBackend(found);
  try {
    const tfjs = await countSteps(await createTfjsTrainer(backend, spec, state), batch, steps);
    assertClose(own.losses, tfjs.losses, 1e-3, "losses beside tfjs's");
    return { own: own.counts, tfjs: tfjs.counts };
  } finally {
    backend.close();
  }
}

testOnGpu(
  "a step of the head is one submit of 31 dispatches and makes no buffer; tfjs takes many",
  async (_, errors) => {
    const device = new Device(errors, "a device", "f32");
    const steps = 3;
    const { own, tfjs } = await countBoth(device, HEAD, headState(), headBatch(), steps);
    assertEquals([own.submits, own.dispatches, own.buffers], [steps, 31 * steps, 0]);
    assert(tfjs.submits > 5 * own.submits && tfjs.dispatches > 3 * own.dispatches);
  },
);

testOnGpu("a step of fine-tuning is one submit, and less than a quarter of tfjs's dispatches", async (_, errors) => {
  const device = new Device(errors, "a device", "f32");
  const { spec, state, batch } = await tinyFineTuning();
  const { own, tfjs } = await countBoth(device, spec, state, batch, 1);
  assertEquals([own.submits, own.dispatches, own.buffers], [1, 317, 0]);
  assert(tfjs.submits > 50 && tfjs.dispatches > 4 * own.dispatches);
});

testOnGpu("steps of several calls at once follow each other, each with its own results", async (_, errors) => {
  const device = new Device(errors, "a device", "f32");
  const batches = Array.from({ length: 9 }, (_, k) => headBatch(100 * k));
  const inTurn = await createWebgpuTrainer(device, HEAD, headState());
  const expected = [];
  for (const batch of batches) expected.push(...await inTurn.step([batch], RATES));
  const atOnce = await createWebgpuTrainer(device, HEAD, headState());
  const [first, second, state] = await Promise.all([
    atOnce.step(batches.slice(0, 5), RATES),
    atOnce.step(batches.slice(5), RATES),
    atOnce.state(),
  ]);
  assertEquals([...first, ...second], expected);
  assertEquals(state, await inTurn.state());
  await atOnce.close();
  await inTurn.close();
});

testOnGpu("close() leaves no buffer on the device", async (gpu, errors) => {
  const alive = new Set<GPUBuffer>();
  const create = gpu.createBuffer.bind(gpu);
  gpu.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    alive.add(buffer);
    const destroy = buffer.destroy.bind(buffer);
    buffer.destroy = () => {
      alive.delete(buffer);
      destroy();
    };
    return buffer;
  };
  const trainer = await createWebgpuTrainer(new Device(errors, "a device", "f32"), HEAD, headState());
  await trainer.step([headBatch()], RATES);
  await trainer.evaluate(headBatch().inputs);
  await trainer.state();
  assert(alive.size > 0);
  const underway = trainer.step([headBatch()], RATES);
  await trainer.close();
  await underway;
  assertEquals(alive.size, 0);
});
