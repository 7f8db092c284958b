import { assertEquals } from "@std/assert";
import type { BackboneDescription } from "../../../../model/weights/backbone_description.ts";
import { openOnnxEngine } from "../../../../model/engines/onnx/onnx_engine.ts";
import { FUSED_BACKBONES, fusionHead } from "../../../../model/networks/fused/fusion_net.ts";
import { partOf } from "../../../../model/networks/network.ts";
import { tensorShapes } from "../../../../model/networks/network_tensors.ts";
import type { Tensor } from "../../../../model/tensor.ts";
import type { TrainerSpec, TrainingBatch, TunedPart } from "../../../../model/training/trainer.ts";
import { MOMENTUM } from "../../../../model/training/training_state.ts";
import { type Backbone, loadBackbone } from "../../../../model/weights/backbone.ts";
import { assertClose, goldenBytes, goldenFile } from "./golden_files.ts";
import type { StartTrainer } from "./golden_head.ts";

const IMAGENET = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } satisfies Partial<BackboneDescription>;
const RESNET50: BackboneDescription = {
  ...IMAGENET,
  architecture: "resnet50",
  width: 1 / 8,
  inputSize: 112,
  epsilon: 1e-5,
  strideIn: "3x3",
};
const INCEPTION_V3: BackboneDescription = {
  ...IMAGENET,
  architecture: "inception_v3",
  width: 1 / 8,
  inputSize: 147,
  epsilon: 1e-3,
  countPadding: true,
  lastPool: "average",
};

/** What fine-tuning the tiny fused network starts from. */
export interface TinyFineTuning {
  readonly spec: TrainerSpec;
  readonly state: Map<string, Tensor>;
  readonly batch: TrainingBatch;
}

/** Reads the tiny networks and PyTorch's batch, and runs the frozen parts on the batch. */
export async function tinyFineTuning(): Promise<TinyFineTuning> {
  const golden = await goldenFile("training/fine_tune");
  const backbones = [
    loadBackbone(await goldenBytes("weights/tiny-resnet50"), RESNET50),
    loadBackbone(await goldenBytes("weights/tiny-inception_v3"), INCEPTION_V3),
  ];
  const state = new Map<string, Tensor>();
  for (const name of golden.entries.keys()) {
    const prefix = "initial.";
    if (name.startsWith(prefix) && !name.includes("num_batches")) {
      state.set(name.slice(prefix.length), golden.tensor(name));
    }
  }
  const tuned: TunedPart[] = [];
  const inputs: Tensor[] = [];
  for (const [k, { prefix, cutPoint }] of FUSED_BACKBONES.entries()) {
    const { network, weights } = backbones[k];
    const part = partOf(network, cutPoint, network.output);
    tuned.push({ prefix, network: part });
    for (const name of tensorShapes(part).keys()) {
      const weight = weights.get(name);
      if (weight) state.set(`${prefix}.${name}`, weight);
    }
    inputs.push(await activationAtCut(backbones[k], cutPoint, golden.array(k === 0 ? "small" : "large")));
  }
  const labels = Uint8Array.from(golden.array("labels").data, Number);
  const head = { ...fusionHead(512), hidden: [64, 32, 16] };
  return { spec: { head, tuned, momentum: 0.91, batchSize: labels.length }, state, batch: { inputs, labels } };
}

async function activationAtCut(
  { network, weights, description: { mean, std } }: Backbone,
  cutPoint: string,
  { shape, data }: { readonly shape: readonly number[]; readonly data: ArrayLike<number | bigint> },
): Promise<Tensor> {
  const [, , height, width] = shape;
  const channelOf = (k: number) => Math.floor(k / (height * width)) % 3;
  const pixels = Float32Array.from(data, (value, k) => (Number(value) / 255 - mean[channelOf(k)]) / std[channelOf(k)]);
  const engine = await openOnnxEngine();
  const frozen = await engine.compile(partOf(network, network.input, cutPoint), weights, [cutPoint]);
  const activations = await frozen.run({ shape, data: pixels });
  await frozen.close();
  return activations.get(cutPoint) ?? { shape: [0], data: new Float32Array(0) };
}

/** Fine-tunes as in PyTorch's three steps and compares first gradients, losses and the final state. */
export async function checkGoldenFineTuning(start: StartTrainer, tolerance: number): Promise<void> {
  const golden = await goldenFile("training/fine_tune");
  const { spec, state, batch } = await tinyFineTuning();
  const rates = { head: 0.01, tuned: 0.001 };
  const trainer = await start(spec, state);
  try {
    const first = await trainer.step([batch], rates);
    const afterFirst = await trainer.state();
    for (const name of golden.entries.keys()) {
      if (!name.startsWith("gradient.")) continue;
      const parameter = name.slice("gradient.".length);
      const gradient = afterFirst.get(`${MOMENTUM}${parameter}`)?.data ?? new Float32Array(0);
      assertClose(sampled(gradient, 64), golden.tensor(name).data, tolerance, name);
      assertClose([Math.hypot(...gradient)], golden.tensor(`gradient_norm.${parameter}`).data, tolerance, name);
    }
    const results = [...first, ...await trainer.step([batch, batch], rates)];
    assertClose(results.map(({ loss }) => loss), golden.tensor("losses").data, tolerance, "losses");
    const final = await trainer.state();
    for (const name of golden.entries.keys()) {
      if (!name.startsWith("final.") || name.includes("num_batches")) continue;
      const value = final.get(name.slice("final.".length))?.data ?? new Float32Array(0);
      const expected = golden.tensor(name).data;
      assertClose(name.startsWith("final.head.") ? value : sampled(value, 64), expected, tolerance, name);
    }
    assertEquals((await trainer.evaluate(batch.inputs)).shape, [spec.batchSize, 2]);
  } finally {
    await trainer.close();
  }
}

/** `count` values spread over an array, as the goldens take them; all where there are fewer. */
function sampled(data: Float32Array, count: number): number[] {
  const taken = Math.min(count, data.length);
  return Array.from({ length: taken }, (_, k) => data[Math.floor((k * (data.length - 1)) / Math.max(taken - 1, 1))]);
}
