/**
 * Times training steps at full size with random numbers: the head alone, and the fused fine-tuning step.
 *
 * usage: deno run -A tests/bench/training/training_step.ts [head|finetune] [steps] [threads]
 */
import { randomFrom } from "../../../data/random.ts";
import { FUSED_BACKBONES, fusionHead } from "../../../model/networks/fused/fusion_net.ts";
import { inceptionV3 } from "../../../model/networks/backbones/inception_v3.ts";
import { multiplyAdds, partOf } from "../../../model/networks/network.ts";
import { resnet50 } from "../../../model/networks/backbones/resnet50.ts";
import { sizeOf, type Tensor } from "../../../model/tensor.ts";
import { initialHead } from "../../../model/networks/fused/head.ts";
import { createOnnxTrainer } from "../../../model/engines/onnx/onnx_trainer.ts";
import type { TrainerSpec, TrainingBatch } from "../../../model/training/trainer.ts";
import { randomWeights } from "../random_weights.ts";

const BATCH = 16;
const [what = "finetune", steps = "4", threads = "2"] = Deno.args;
const random = randomFrom(1, "bench");

const networks = [resnet50({ strideIn: "1x1" }), inceptionV3({ countPadding: false, lastPool: "max" })];
const parts = FUSED_BACKBONES.map(({ prefix, cutPoint }, k) => {
  return { prefix, network: partOf(networks[k], cutPoint, "features") };
});
const head = fusionHead(4096);
const spec: TrainerSpec = { head, tuned: what === "head" ? [] : parts, momentum: 0.91, batchSize: BATCH };
const state = new Map<string, Tensor>(initialHead(head, random));
for (const { prefix, network } of spec.tuned) {
  for (const [name, weight] of randomWeights(network, random)) state.set(`${prefix}.${name}`, weight);
}
const shapes = what === "head" ? [[BATCH, 4096]] : parts.map(({ network: { inputShape } }) => {
  return [BATCH, inputShape.channels, inputShape.height, inputShape.width];
});
const batch: TrainingBatch = {
  inputs: shapes.map((shape) => ({ shape, data: Float32Array.from({ length: sizeOf(shape) }, random) })),
  labels: Uint8Array.from({ length: BATCH }, (_, k) => k % 2),
};
const headProducts = [4096 * 2048, 2048 * 1024, 1024 * 512, 512 * 2].reduce((a, b) => a + b);
const products = 3 * headProducts + spec.tuned.reduce((sum, { network }) => sum + 3 * multiplyAdds(network), 0);

let started = performance.now();
const trainer = await createOnnxTrainer(spec, state, Number(threads));
console.log(`created in ${(performance.now() - started).toFixed(0)} ms`);
for (let k = 0; k < Number(steps); k++) {
  started = performance.now();
  const [{ loss }] = await trainer.step([batch], { head: 1e-3, tuned: 1e-4 });
  const ms = performance.now() - started;
  console.log(
    `step: ${ms.toFixed(0)} ms, ${(2 * products * BATCH / ms / 1e6).toFixed(1)} GFLOP/s, loss ${loss.toFixed(4)}`,
  );
}
for (let k = 0; k < 2; k++) {
  started = performance.now();
  await trainer.evaluate(batch.inputs);
  console.log(`evaluation: ${(performance.now() - started).toFixed(0)} ms`);
}
started = performance.now();
const { size } = await trainer.state();
console.log(`state of ${size} tensors: ${(performance.now() - started).toFixed(0)} ms`);
await trainer.close();
