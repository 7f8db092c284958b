import { FUSED_BACKBONES } from "../../model/networks/fusion_net.ts";
import type { CompiledNetwork, Engine } from "../../model/engines/engine.ts";
import { shapesOf } from "../../model/networks/network.ts";
import { type PixelBatch, takingPixels } from "../../model/networks/pixel_batch.ts";
import type { Tensor } from "../../model/tensor.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import { summaryName, withSummaries } from "../../model/networks/summaries.ts";
import type { FeatureBlock } from "./feature_groups.ts";
import type { ExtractedFeatures } from "./feature_store.ts";

/** The value that both backbones end in. */
const LAST = "features";

/** The blocks that the fused network's head reads, in order. */
export const FUSED_BLOCKS: readonly string[] = FUSED_BACKBONES.map(({ prefix }) => `${prefix}.features`);

/** Both frozen backbones on an engine: from two sizes of the same photos to features and boundary activations. */
export class FeatureExtractor {
  private constructor(
    readonly engine: Engine,
    readonly networks: readonly CompiledNetwork[],
    readonly givesBoundaries: boolean,
  ) {}

  /** @param givesBoundaries whether the activations at the boundaries are wanted as well */
  static async create(
    engine: Engine,
    backbones: readonly Backbone[],
    givesBoundaries: boolean,
  ): Promise<FeatureExtractor> {
    const networks: CompiledNetwork[] = [];
    for (const [k, { boundary, summaries }] of FUSED_BACKBONES.entries()) {
      const { network, weights, description } = backbones[k];
      const outputs = [network.output, ...summaries.map(summaryName), ...(givesBoundaries ? [boundary] : [])];
      networks.push(
        await engine.compile(takingPixels(withSummaries(network, summaries), description), weights, outputs),
      );
    }
    return new FeatureExtractor(engine, networks, givesBoundaries);
  }

  /**
   * @param inputs bytes `[batch, size, size, 3]` for each backbone, the same photos in the same order
   */
  async extract(inputs: readonly PixelBatch[]): Promise<ExtractedFeatures> {
    const last: Tensor[] = [];
    const others: Tensor[] = [];
    const boundaries = new Map<string, Tensor>();
    // Both are under way at once: a GPU takes the second's photos while it computes the first's.
    const results = await Promise.all(this.networks.map((network, k) => network.run(inputs[k])));
    for (const [k, { prefix, boundary, summaries }] of FUSED_BACKBONES.entries()) {
      const values = results[k];
      last.push(valueNamed(values, LAST));
      others.push(...summaries.map((summary) => flattened(valueNamed(values, summaryName(summary)))));
      if (this.givesBoundaries) boundaries.set(prefix, valueNamed(values, boundary));
    }
    return { features: besides([...last, ...others]), boundaries };
  }

  async close(): Promise<void> {
    for (const network of this.networks) await network.close();
  }
}

/** The blocks of what `extract` gives, in order: the fused network's first. */
export function featureBlocks(backbones: readonly Backbone[]): FeatureBlock[] {
  const blocks = FUSED_BACKBONES.map(({ prefix, summaries }, k) => {
    const shapes = shapesOf(withSummaries(backbones[k].network, summaries));
    return [LAST, ...summaries.map(summaryName)].map((value) => {
      const { channels, height, width } = shapes.get(value) ?? { channels: 0, height: 0, width: 0 };
      return { name: `${prefix}.${value}`, width: channels * height * width };
    });
  });
  return [...blocks.map(([last]) => last), ...blocks.flatMap(([, ...others]) => others)];
}

function valueNamed(values: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const value = values.get(name);
  if (!value) {
    throw new Error(`Cannot extract features: expected the engine to give ${name}, got [${[...values.keys()]}]`);
  }
  return value;
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
