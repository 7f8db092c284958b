import type { CompiledNetwork, Engine } from "../../../model/engines/engine.ts";
import type { HeadShape } from "../../../model/networks/fused/head.ts";
import { HEAD_LOGITS, headNetwork, headWeights } from "../../../model/networks/fused/head_network.ts";
import type { Tensor, TensorMap } from "../../../model/tensor.ts";
import type { TrainerSpec, TunedPart } from "../../../model/training/trainer.ts";
import { besides } from "../../features/extract/feature_extractor.ts";
import { entryOf } from "../../../data/base/entry_of.ts";
import { dogLogits } from "./dog_logits.ts";

/** A trained network compiled to run forward: nothing of what training needs is built. */
export class CompiledFusion {
  private constructor(readonly parts: readonly CompiledPart[], readonly head: CompiledNetwork) {}

  /**
   * @param network with no tuned parts, the head alone: its input is then the features themselves.
   * @param state under the names that training gives it (see `Trainer`).
   * @throws RangeError when a tensor is missing or of another shape.
   */
  static async compile(
    engine: Pick<Engine, "compile">,
    { head, tuned }: Pick<TrainerSpec, "head" | "tuned">,
    state: TensorMap,
  ): Promise<CompiledFusion> {
    const compiled: CompiledPart[] = [];
    for (const part of tuned) compiled.push(await compilePart(engine, part, state));
    return new CompiledFusion(compiled, await compileHead(engine, head, state));
  }

  /**
   * @param inputs `[photos, features]` for a head alone, else one activation a tuned part
   * @returns the logit of dog of each photo
   */
  async logits(inputs: readonly Tensor[]): Promise<Float64Array> {
    const { shape: [photos, width], data } = this.parts.length === 0 ? inputs[0] : await this.#features(inputs);
    const values = await this.head.run({ shape: [photos, width, 1, 1], data });
    const { data: logits } = entryOf(values, HEAD_LOGITS, "what the engine gave");
    return dogLogits({ shape: [photos, logits.length / photos], data: logits });
  }

  async close(): Promise<void> {
    for (const { network } of this.parts) await network.close();
    await this.head.close();
  }

  async #features(inputs: readonly Tensor[]): Promise<Tensor> {
    const results = await Promise.all(this.parts.map(({ network }, k) => network.run(inputs[k])));
    return besides(this.parts.map(({ output }, k) => entryOf(results[k], output, "what the engine gave")));
  }
}

interface CompiledPart {
  readonly network: CompiledNetwork;
  /** The value with its pooled features. */
  readonly output: string;
}

async function compilePart(
  engine: Pick<Engine, "compile">,
  { prefix, network }: TunedPart,
  state: TensorMap,
): Promise<CompiledPart> {
  const start = `${prefix}.`;
  const weights = [...state].filter(([name]) => name.startsWith(start)).map(([name, weight]) =>
    [name.slice(start.length), weight] as const
  );
  return { network: await engine.compile(network, new Map(weights), [network.output]), output: network.output };
}

function compileHead(engine: Pick<Engine, "compile">, head: HeadShape, state: TensorMap): Promise<CompiledNetwork> {
  return engine.compile(headNetwork(head), headWeights(head, state), [HEAD_LOGITS]);
}
