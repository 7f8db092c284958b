import { assert, assertEquals } from "@std/assert";
import { randomFrom } from "../../../../../data/random.ts";
import type { Engine } from "../../../../../model/engines/engine.ts";
import { fusionHead } from "../../../../../model/networks/fused/fusion_net.ts";
import { initialHead } from "../../../../../model/networks/fused/head.ts";
import { type Tensor, tensor, type TensorMap } from "../../../../../model/tensor.ts";
import type { TrainerSpec } from "../../../../../model/training/trainer.ts";
import { CompiledFusion } from "../../../../../pipeline/classifier/fusion_network/compiled_fusion.ts";
import { dogLogits } from "../../../../../pipeline/classifier/fusion_network/dog_logits.ts";
import { fusedNetwork, fusedState } from "../../../../../pipeline/classifier/fusion_network/fused_network.ts";
import { openBackbones } from "../../../../../pipeline/weights/open_backbones.ts";
import { gpuIsSoftware, testEachEngine } from "../../../model/engines/engines_here.ts";
import { tinyFineTuning } from "../../../model/training/golden_fine_tune.ts";

/** How far logits may lie apart, as a part of the largest; sixteen bits hold three digits. */
const TOLERANCE = { f32: 1e-5, f16: 1e-2 };

/** What training needs a photo to be, and what it trained. */
interface Trained {
  readonly spec: TrainerSpec;
  readonly state: TensorMap;
  readonly inputs: readonly Tensor[];
}

/** A head after a step, so that its batch norm is not the identity. */
async function trainedHead(engine: Engine): Promise<Trained> {
  const spec = { head: fusionHead(64), tuned: [], momentum: 0.9, batchSize: 8 };
  const random = randomFrom(3, "features");
  const features = tensor([8, 64], Float32Array.from({ length: 8 * 64 }, () => 2 * random() + 0.5));
  return await trained(engine, spec, initialHead(spec.head, randomFrom(3, "head")), [features]);
}

/** The tiny networks of the goldens after a step. */
async function trainedTiny(engine: Engine): Promise<Trained> {
  const { spec, state, batch } = await tinyFineTuning();
  return await trained(engine, spec, state, batch.inputs);
}

/** The mini networks that come with the repository after a step. */
async function trainedMini(engine: Engine): Promise<Trained> {
  const backbones = await openBackbones("mini");
  const network = fusedNetwork(backbones);
  const spec = { ...network, momentum: 0.9, batchSize: 2 };
  const state = fusedState(backbones, initialHead(network.head, randomFrom(3, "head")));
  const random = randomFrom(3, "activations");
  const inputs = network.tuned.map(({ network: { inputShape: { channels, height, width } } }) =>
    tensor([2, channels, height, width], Float32Array.from({ length: 2 * channels * height * width }, random))
  );
  return await trained(engine, spec, state, inputs);
}

async function trained(
  engine: Engine,
  spec: TrainerSpec,
  state: TensorMap,
  inputs: readonly Tensor[],
): Promise<Trained> {
  const labels = Uint8Array.from({ length: spec.batchSize }, (_, k) => k % 2);
  const trainer = await engine.train(spec, state);
  try {
    await trainer.step([{ inputs, labels }], { head: 0.01, tuned: 0.001 });
    const after = [...await trainer.state()].filter(([name]) => !name.startsWith("momentum."));
    return { spec, state: new Map(after), inputs };
  } finally {
    await trainer.close();
  }
}

/** Compiles what a trainer has trained, and compares the two on the same photos, some alone and all at once. */
async function checkCompiled(engine: Engine, { spec, state, inputs }: Trained): Promise<void> {
  const trainer = await engine.train(spec, state);
  const expected = await trainer.evaluate(inputs).then(dogLogits).finally(() => trainer.close());
  const compiled = await CompiledFusion.compile(engine, spec, state);
  try {
    const all = await compiled.logits(inputs);
    assertEquals(all.length, expected.length);
    const last = inputs.map(({ shape, data }) =>
      tensor(shape.with(0, 1), data.slice(data.length - data.length / shape[0]))
    );
    const [alone] = await compiled.logits(last);
    const largest = Math.max(...expected.map(Math.abs));
    const apart = Math.max(
      ...all.map((logit, k) => Math.abs(logit - expected[k])),
      Math.abs(alone - (all.at(-1) ?? NaN)),
    );
    assert(apart <= TOLERANCE[engine.precision] * largest, `logits up to ${largest} lie ${apart} apart`);
  } finally {
    await compiled.close();
  }
}

testEachEngine(
  (engine) => `a compiled head predicts what its trainer does on ${engine}`,
  async (engine) => await checkCompiled(engine, await trainedHead(engine)),
);

testEachEngine(
  (engine) => `a compiled fused network of tiny backbones predicts what its trainer does on ${engine}`,
  async (engine) => await checkCompiled(engine, await trainedTiny(engine)),
);

testEachEngine(
  (engine) => `a compiled fused network of mini backbones predicts what its trainer does on ${engine}`,
  async (engine) => await checkCompiled(engine, await trainedMini(engine)),
  // Plain JavaScript and a software adapter take minutes for the trainer's step.
  { engines: gpuIsSoftware ? ["onnx", "wasm"] : ["onnx", "wasm", "webgpu"] },
);
