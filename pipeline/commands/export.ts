import { join } from "@std/path";
import { assertTakeable, OwnedFolder } from "../../data/owned/owned_folder.ts";
import { blockHeadToOnnx } from "../../model/engines/onnx/linear_probe_to_onnx.ts";
import { headToOnnx } from "../../model/engines/onnx/head_to_onnx.ts";
import { networkToOnnx } from "../../model/engines/onnx/network_to_onnx.ts";
import { FUSED_BACKBONES } from "../../model/networks/fusion_net.ts";
import { summaryName, withSummaries } from "../../model/networks/summaries.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import { runFolder, StageFolder } from "../runner/run_folder.ts";
import { assertApartFromPhotos } from "../runner/apart_from_photos.ts";
import { blockHead } from "../classifier/linear_probe.ts";
import { finetunedState } from "./trained_classifier.ts";
import { featureBlocks } from "../features/feature_extractor.ts";
import { fusedSpec } from "../classifier/fused_network.ts";
import type { Arguments } from "./options.ts";
import { print } from "../files/print.ts";
import { standardError } from "../files/progress.ts";
import { Workshop } from "../runner/run_context.ts";
import { latestRun, openRun } from "./open_run.ts";

/**
 * `deno task export`: a run's classifier as three ONNX files, for any program that reads ONNX. Each backbone's file says
 * in its metadata how photos have to be prepared; what it gives is the head's input, under the backbone's prefix.
 */
export async function exportCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const config = await openRun(given.values.get("run") ?? await latestRun());
  const { out, recipeNumbers } = config;
  const to = given.values.get("to") ?? join(out, "export");
  await assertTakeable(to, "export");
  if (to === join(out, "export")) await runFolder(out).assertReal("export");
  if (!config.isSample) {
    await assertApartFromPhotos(to, "export", [config.data, config.test].filter((path) => path !== null));
  }
  const folder = new StageFolder(new OwnedFolder(to, "export"));
  const workshop = await Workshop.open(config, standardError, signal);
  const state = await finetunedState(config, workshop);
  const backbones = await workshop.backbones(recipeNumbers);
  const write = async (name: string, model: Uint8Array) => {
    await folder.write(name, model);
    await print(folder.path(name));
  };
  for (const [k, { prefix, summaries }] of FUSED_BACKBONES.entries()) {
    const { network, description: { inputSize, mean, std } } = backbones[k];
    const metadata = new Map([
      ["input_size", String(inputSize)],
      ["input_mean", JSON.stringify(mean)],
      ["input_std", JSON.stringify(std)],
    ]);
    const outputs = [network.output, ...summaries.map(summaryName)];
    const model = networkToOnnx(
      withSummaries(network, summaries),
      tuned(backbones[k], prefix, state),
      outputs,
      metadata,
    );
    await write(`${network.architecture}.onnx`, model);
  }
  const head = recipeNumbers.kind === "blocks"
    ? blockHeadToOnnx(blockHead(recipeNumbers, featureBlocks(backbones)), state)
    : headToOnnx(fusedSpec(backbones, recipeNumbers).head, state);
  await write("head.onnx", head);
}

/** A backbone's weights, those that the run has trained in the place of those from the file. */
function tuned({ weights }: Backbone, prefix: string, state: TensorMap): TensorMap {
  const replaced = new Map(weights);
  for (const name of weights.keys()) {
    const trained = state.get(`${prefix}.${name}`);
    if (trained) replaced.set(name, trained);
  }
  return replaced;
}
