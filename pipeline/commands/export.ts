import { join } from "@std/path";
import { headToOnnx } from "../../model/engines/onnx/head_to_onnx.ts";
import { networkToOnnx } from "../../model/engines/onnx/network_to_onnx.ts";
import { FUSED_BACKBONES } from "../../model/fusion_net.ts";
import { writeAtomic } from "../atomic_file.ts";
import { finetunedState } from "../classifier.ts";
import { fusedSpec } from "../fused_network.ts";
import { openBackbones } from "../open_backbones.ts";
import type { Arguments } from "../options.ts";
import { latestRun, openRun } from "./open_run.ts";

/**
 * `deno task export`: a run's classifier as three ONNX files, for any program that reads ONNX. Each backbone's file
 * says in its metadata how photos have to be prepared; their features, ResNet50's first, are the head's input.
 */
export async function exportCommand(given: Arguments): Promise<void> {
  const config = await openRun(given.values.get("run") ?? await latestRun());
  const to = given.values.get("to") ?? join(config.out, "export");
  const state = await finetunedState(config.out);
  const backbones = await openBackbones(config.weights);
  for (const [k, { prefix }] of FUSED_BACKBONES.entries()) {
    const { network, weights, description: { inputSize, mean, std } } = backbones[k];
    const tuned = new Map(weights);
    for (const [name, tensor] of state) {
      if (name.startsWith(`${prefix}.`)) tuned.set(name.slice(prefix.length + 1), tensor);
    }
    const metadata = new Map([
      ["input_size", String(inputSize)],
      ["input_mean", JSON.stringify(mean)],
      ["input_std", JSON.stringify(std)],
    ]);
    const path = join(to, `${network.architecture}.onnx`);
    await writeAtomic(path, networkToOnnx(network, tuned, [network.output], metadata));
    console.log(path);
  }
  const path = join(to, "head.onnx");
  await writeAtomic(path, headToOnnx(fusedSpec(backbones, config.recipeNumbers).head, state));
  console.log(path);
}
