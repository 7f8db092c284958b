import { MINIMUM_CHANNEL, MINIMUM_MEAN } from "../../data/picture/facts/borders.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import { addNetwork, addNormalisation, addPlanes } from "../../model/engines/onnx/graphs/network_to_onnx.ts";
import { OnnxGraph } from "../../model/engines/onnx/graphs/onnx_graph.ts";
import { addBorderCut } from "../../model/engines/onnx/photos/add_border_cut.ts";
import { addSquares } from "../../model/engines/onnx/photos/add_squares.ts";
import { FUSED_BACKBONES } from "../../model/networks/fused/fusion_net.ts";
import { summaryName, withSummaries } from "../../model/networks/fused/summaries.ts";
import type { TensorMap } from "../../model/tensor.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import { featureGroups } from "../features/extract/feature_extractor.ts";
import type { Classifier } from "./classifier.ts";
import { describeOnnx, type OnnxFacts } from "./describe_onnx.ts";

/** What an ONNX file takes: a photo as it was decoded, or batches of photos that were trimmed and resized beforehand. */
export type OnnxEntry = "photo" | "batches";

/** The names of the file's input for a photo, and of its output. */
const PHOTO = "photo";
const P_DOG = "p_dog";

/** What a run has trained, with the backbones that it stands on. */
export interface TrainedNetwork {
  readonly classifier: Pick<Classifier, "groupsRead" | "addToOnnx" | "lastPart">;
  /** What the second fit left: tensors under `${prefix}.${name}` take the place of those from the weights files. */
  readonly state: TensorMap;
  readonly backbones: readonly Backbone[];
}

/**
 * A classifier as one ONNX file: both backbones and what stands on them, P(dog) out. All that has to be known to feed it
 * stands in its metadata.
 * @throws RangeError when a weight is missing or of another shape.
 */
export function classifierToOnnx(
  { classifier, state, backbones }: TrainedNetwork,
  entry: OnnxEntry,
  facts: OnnxFacts,
): Uint8Array<ArrayBuffer> {
  const description = describeOnnx(entry, backbones, facts);
  const graph = new OnnxGraph("cat or dog");
  const planes = entry === "photo"
    ? planesOfPhoto(graph, backbones, description.input)
    : planesOfBatches(graph, backbones, description.input);
  for (const [k, { prefix, summaries }] of FUSED_BACKBONES.entries()) {
    const { network, weights, description: { mean, std } } = backbones[k];
    const read = summaries.filter((summary) => classifier.groupsRead.includes(`${prefix}.${summaryName(summary)}`));
    const input = `${prefix}.${network.input}`;
    addNormalisation(graph, entryOf(planes, network.architecture, "a backbone's input"), { mean, std }, input);
    addNetwork(graph, withSummaries(network, read), withTrained(weights, prefix, state), `${prefix}.`);
  }
  const pDog = classifier.addToOnnx(graph, state, featureGroups(backbones));
  graph.node("Identity", [pDog], P_DOG);
  graph.output(P_DOG, [entry === "photo" ? 1 : "batch"], "float32", description.output);
  return graph.encode(description.metadata);
}

/** A photo's numbers for each backbone, by its name: trimmed and resized inside. */
function planesOfPhoto(graph: OnnxGraph, backbones: readonly Backbone[], description: string): Map<string, string> {
  const photo = graph.input(PHOTO, ["height", "width", 3], "uint8", description);
  const trimmed = addBorderCut(graph, photo, { minimumChannel: MINIMUM_CHANNEL, minimumMean: MINIMUM_MEAN });
  const sizes = backbones.map(({ network: { architecture, inputShape } }) =>
    [architecture, inputShape.height] as const
  );
  return addSquares(graph, trimmed, new Map(sizes));
}

/** Batches' numbers for each backbone, by its name, which is the input's too. */
function planesOfBatches(graph: OnnxGraph, backbones: readonly Backbone[], description: string): Map<string, string> {
  return new Map(backbones.map(({ network: { architecture, inputShape: { height, width } } }) => {
    const bytes = graph.input(architecture, ["batch", height, width, 3], "uint8", description);
    return [architecture, addPlanes(graph, bytes)];
  }));
}

/** A backbone's weights, those that were trained in the place of those from the file. */
export function withTrained(weights: TensorMap, prefix: string, state: TensorMap): TensorMap {
  const replaced = new Map(weights);
  for (const name of weights.keys()) {
    const trained = state.get(`${prefix}.${name}`);
    if (trained) replaced.set(name, trained);
  }
  return replaced;
}
