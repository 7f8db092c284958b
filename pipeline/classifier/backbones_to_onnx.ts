import { networkToOnnx } from "../../model/engines/onnx/graphs/network_to_onnx.ts";
import { FUSED_BACKBONES } from "../../model/networks/fused/fusion_net.ts";
import { summaryName, withSummaries } from "../../model/networks/fused/summaries.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Backbone } from "../../model/weights/backbone.ts";

/** A graph in the ONNX format, and the file that it goes to. */
export interface OnnxFile {
  readonly name: string;
  readonly model: Uint8Array;
}

/**
 * The backbones as ONNX files, one after another. Each says in its metadata how photos have to be prepared; what it gives
 * is the head's input, under the backbone's prefix.
 * @param state tensors under `${prefix}.${name}` take the place of those from the weights files.
 */
export function* backbonesToOnnx(backbones: readonly Backbone[], state: TensorMap): Generator<OnnxFile> {
  for (const [k, { prefix, summaries }] of FUSED_BACKBONES.entries()) {
    const { network, weights, description: { inputSize, mean, std } } = backbones[k];
    const metadata = new Map([
      ["input_size", String(inputSize)],
      ["input_mean", JSON.stringify(mean)],
      ["input_std", JSON.stringify(std)],
    ]);
    const outputs = [network.output, ...summaries.map(summaryName)];
    const trained = withTrained(weights, prefix, state);
    const model = networkToOnnx(withSummaries(network, summaries), trained, outputs, metadata);
    yield { name: `${network.architecture}.onnx`, model };
  }
}

/** A backbone's weights, those that were trained in the place of those from the file. */
function withTrained(weights: TensorMap, prefix: string, state: TensorMap): TensorMap {
  const replaced = new Map(weights);
  for (const name of weights.keys()) {
    const trained = state.get(`${prefix}.${name}`);
    if (trained) replaced.set(name, trained);
  }
  return replaced;
}
