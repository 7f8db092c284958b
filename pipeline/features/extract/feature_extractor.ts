import { FUSED_BACKBONES } from "../../../model/networks/fused/fusion_net.ts";
import type { CompiledNetwork, Engine } from "../../../model/engines/engine.ts";
import { shapesOf } from "../../../model/networks/network.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import { takingPixels } from "../../../model/networks/normalisation.ts";
import type { Network } from "../../../model/networks/layers.ts";
import type { ValueRanges } from "../../../model/networks/value_ranges.ts";
import type { Tensor, TensorMap } from "../../../model/tensor.ts";
import type { Backbone } from "../../../model/weights/backbone.ts";
import { summaryName, withSummaries } from "../../../model/networks/fused/summaries.ts";
import { entryOf } from "../../../data/base/entry_of.ts";
import type { FeatureGroup } from "../../../model/linear/feature_group.ts";
import { storedType } from "../store/feature_groups.ts";
import type { ExtractedFeatures } from "../store/feature_store.ts";

/** The value that both backbones end in. */
const LAST = "features";
/** What is looked up in an engine's results. */
const GIVEN = "what the engine gave";

/** The groups of features that the fused network's head reads, in order. */
export const FUSED_GROUPS: readonly string[] = FUSED_BACKBONES.map(({ prefix }) => `${prefix}.features`);

/** What is wanted of both backbones, and how they are to compute. */
export interface ExtractorOptions {
  /** Whether the activations at the cut points are wanted as well. */
  readonly givesCutPoints: boolean;
  /** For each backbone the names of values inside it that `extractWithValues` is to give. */
  readonly values?: readonly (readonly string[])[];
  /** Of each backbone's values, where it is to compute in integers if the engine can. */
  readonly ranges?: readonly ValueRanges[];
  /** Whether many photos are to come, so that it pays to find out first how this machine is fastest. */
  readonly longJob?: boolean;
}

/** Both frozen backbones on an engine: from two sizes of the same photos to features and activations at the cut points. */
export class FeatureExtractor {
  private constructor(
    readonly networks: readonly CompiledNetwork[],
    readonly givesCutPoints: boolean,
    readonly storedType: "F16" | "F32",
  ) {}

  static async create(
    engine: Pick<Engine, "compile" | "integers">,
    backbones: readonly Backbone[],
    { givesCutPoints, values = [], ranges, longJob }: ExtractorOptions,
  ): Promise<FeatureExtractor> {
    const networks: CompiledNetwork[] = [];
    try {
      for (
        const [k, { network, weights, outputs: features }] of extractedNetworks(backbones, givesCutPoints).entries()
      ) {
        const outputs = [...new Set([...features, ...values[k] ?? []])];
        networks.push(
          engine.integers && ranges
            ? await engine.integers.compile(network, weights, outputs, ranges[k])
            : await engine.compile(network, weights, outputs, { longJob }),
        );
      }
    } catch (thrown) {
      for (const network of networks) await network.close();
      throw thrown;
    }
    return new FeatureExtractor(networks, givesCutPoints, storedType(featureGroups(backbones)));
  }

  /**
   * @param inputs bytes `[batch, size, size, 3]` for each backbone, the same photos in the same order
   */
  async extract(inputs: readonly PixelBatch[]): Promise<ExtractedFeatures> {
    return (await this.extractWithValues(inputs)).extracted;
  }

  /** The same with all that each backbone gave, by the names of its values. */
  async extractWithValues(
    inputs: readonly PixelBatch[],
  ): Promise<{ extracted: ExtractedFeatures; values: readonly TensorMap[] }> {
    const last: Tensor[] = [];
    const others: Tensor[] = [];
    const cutPoints = new Map<string, Tensor>();
    // Both are under way at once: a GPU takes the second's photos while it computes the first's.
    const results = await Promise.all(this.networks.map((network, k) => network.run(inputs[k])));
    for (const [k, { prefix, cutPoint, summaries }] of FUSED_BACKBONES.entries()) {
      const values = results[k];
      last.push(entryOf(values, LAST, GIVEN));
      others.push(...summaries.map((summary) => flattened(entryOf(values, summaryName(summary), GIVEN))));
      if (this.givesCutPoints) cutPoints.set(prefix, entryOf(values, cutPoint, GIVEN));
    }
    return {
      extracted: { features: asStored(besides([...last, ...others]), this.storedType), cutPoints },
      values: results,
    };
  }

  async close(): Promise<void> {
    for (const network of this.networks) await network.close();
  }
}

/** A backbone as it is compiled to extract features. */
export interface ExtractedNetwork {
  readonly network: Network;
  readonly weights: TensorMap;
  readonly outputs: readonly string[];
}

/** Both backbones with what is asked of them: features, summaries, and the activations at the cut points if wanted. */
export function extractedNetworks(backbones: readonly Backbone[], givesCutPoints: boolean): ExtractedNetwork[] {
  return FUSED_BACKBONES.map(({ cutPoint, summaries }, k) => {
    const { network, weights, description } = backbones[k];
    return {
      network: takingPixels(withSummaries(network, summaries), description),
      weights,
      outputs: [network.output, ...summaries.map(summaryName), ...(givesCutPoints ? [cutPoint] : [])],
    };
  });
}

/** The groups of what `extract` gives, in order: the fused network's first. */
export function featureGroups(backbones: readonly Pick<Backbone, "network">[]): FeatureGroup[] {
  const groups = FUSED_BACKBONES.map(({ prefix, summaries }, k) => {
    const shapes = shapesOf(withSummaries(backbones[k].network, summaries));
    return [LAST, ...summaries.map(summaryName)].map((value) => {
      const { channels, height, width } = entryOf(shapes, value, "the shape of a value");
      return { name: `${prefix}.${value}`, width: channels * height * width };
    });
  });
  return [...groups.map(([last]) => last), ...groups.flatMap(([, ...others]) => others)];
}

/** The greatest number that 16 bits hold. */
const GREATEST_HALF = 65504;

/**
 * Features as they are stored: whoever predicts from a photo right away reads the same as who stores it first. What is
 * finite stays so.
 */
function asStored({ shape, data }: Tensor, type: "F16" | "F32"): Tensor {
  if (type === "F32") return { shape, data };
  const halves = new Float16Array(data);
  for (const [k, half] of halves.entries()) {
    if (!Number.isFinite(half) && Number.isFinite(data[k])) halves[k] = Math.sign(data[k]) * GREATEST_HALF;
  }
  return { shape, data: new Float32Array(halves) };
}

/** `[batch, ...]` as `[batch, features]`. */
function flattened({ shape: [batch], data }: Tensor): Tensor {
  return { shape: [batch, data.length / batch], data };
}

/** Rows of several matrices side by side: `[n, a]` and `[n, b]` become `[n, a + b]`. */
export function besides(parts: readonly Tensor[]): Tensor {
  const rows = parts[0].shape[0];
  const width = parts.reduce((sum, { shape }) => sum + shape[1], 0);
  const data = new Float32Array(rows * width);
  let column = 0;
  for (const { shape, data: part } of parts) {
    for (let row = 0; row < rows; row++) {
      data.set(part.subarray(row * shape[1], (row + 1) * shape[1]), row * width + column);
    }
    column += shape[1];
  }
  return { shape: [rows, width], data };
}
