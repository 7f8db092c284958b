import { FUSED_BACKBONES } from "../model/fusion_net.ts";
import type { CompiledNetwork, Engine } from "../model/engines/engine.ts";
import type { Row } from "../model/layers.ts";
import { shapesOf } from "../model/network.ts";
import type { Tensor } from "../model/tensor.ts";
import type { Backbone } from "../model/weights.ts";
import type { ExtractedFeatures, FeatureBlock } from "./feature_store.ts";

/** The value that both backbones end in. */
const LAST = "features";

const meanOf = (value: string) => `${value}.mean`;

/** The blocks that the fused network's head reads, in order. */
export const FUSED_BLOCKS: readonly string[] = FUSED_BACKBONES.map(({ prefix }) => `${prefix}.features`);

/** Both frozen backbones on an engine: from two sizes of the same photos to features and boundary activations. */
export class FeatureExtractor {
  private constructor(readonly networks: readonly CompiledNetwork[]) {}

  static async create(engine: Engine, backbones: readonly Backbone[]): Promise<FeatureExtractor> {
    const networks: CompiledNetwork[] = [];
    for (const [k, { boundary, pooled }] of FUSED_BACKBONES.entries()) {
      const { network, weights } = backbones[k];
      const rows: Row[] = pooled.map((name) => ({ kind: "global_average", input: name, output: meanOf(name) }));
      const outputs = [boundary, network.output, ...pooled.map(meanOf)];
      networks.push(await engine.compile({ ...network, rows: [...network.rows, ...rows] }, weights, outputs));
    }
    return new FeatureExtractor(networks);
  }

  /**
   * @param inputs a tensor `[batch, 3, size, size]` for each backbone, the same photos in the same order
   */
  async extract(inputs: readonly Tensor[]): Promise<ExtractedFeatures> {
    const last: Tensor[] = [];
    const earlier: Tensor[] = [];
    const boundaries = new Map<string, Tensor>();
    for (const [k, { prefix, boundary, pooled }] of FUSED_BACKBONES.entries()) {
      const values = await this.networks[k].run(inputs[k]);
      last.push(valueNamed(values, LAST));
      earlier.push(...pooled.map((name) => valueNamed(values, meanOf(name))));
      boundaries.set(prefix, valueNamed(values, boundary));
    }
    return { features: besides([...last, ...earlier]), boundaries };
  }

  async close(): Promise<void> {
    for (const network of this.networks) await network.close();
  }
}

/** The blocks of what `extract` gives, in order: the fused network's first. */
export function featureBlocks(backbones: readonly Backbone[]): FeatureBlock[] {
  const block = (k: number, value: string) => ({
    name: `${FUSED_BACKBONES[k].prefix}.${value}`,
    width: shapesOf(backbones[k].network).get(value)?.channels ?? 0,
  });
  const earlier = FUSED_BACKBONES.flatMap(({ pooled }, k) => pooled.map((value) => block(k, value)));
  return [...FUSED_BACKBONES.map((_, k) => block(k, LAST)), ...earlier];
}

function valueNamed(values: ReadonlyMap<string, Tensor>, name: string): Tensor {
  const value = values.get(name);
  if (!value) {
    throw new Error(`Cannot extract features: expected the engine to give ${name}, got [${[...values.keys()]}]`);
  }
  return value;
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
