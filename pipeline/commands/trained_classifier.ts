import { pixelBatches } from "../../data/picture/pixel_batches.ts";
import { whiteBorder } from "../../data/picture/borders.ts";
import { withPixels } from "../../data/picture/decode.ts";
import { dogProbabilities } from "../../model/autograd/loss.ts";
import type { TensorMap } from "../../model/tensor.ts";
import { blockHeadLogits } from "../../model/linear/linear_probe.ts";
import type { Trainer } from "../../model/training/trainer.ts";
import { boundariesOf } from "../features/boundary_inputs.ts";
import { readTensorFile } from "../classifier/checkpoint.ts";
import type { Config } from "../settings/config.ts";
import { blockHead, type HeadRecipe, probability } from "../classifier/linear_probe.ts";
import { selectBlocks } from "../features/feature_groups.ts";
import { featureBlocks, FeatureExtractor } from "../features/feature_extractor.ts";
import type { ExtractedFeatures } from "../features/feature_store.ts";
import { assertFiniteFeatures } from "../features/finite_activations.ts";
import { finetune } from "../stages/finetune.ts";
import { FITTED_STATE } from "../classifier/fit.ts";
import { fusedSpec } from "../classifier/fused_network.ts";
import { photoSizes } from "../features/photo_batches.ts";
import { stageFolder } from "../runner/run_folder.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import { staleReason } from "../runner/staleness.ts";
import { UserError } from "../files/user_error.ts";
import { VerifiedFolder } from "../runner/verified_folder.ts";
import type { Workshop } from "../runner/run_context.ts";

/** A finished run's classifier, for photos one by one: trimmed, sized and computed exactly as in the run. */
export class Classifier {
  private constructor(
    readonly backbones: readonly Backbone[],
    readonly extractor: FeatureExtractor,
    readonly head: ExtractedHead,
  ) {}

  /** @throws UserError when the run has not been fine-tuned by its settings and weights yet. */
  static async open(config: Config, workshop: Workshop): Promise<Classifier> {
    const { recipeNumbers } = config;
    const state = await finetunedState(config, workshop);
    const { engine } = await workshop.chosenEngine();
    const backbones = await workshop.backbones(recipeNumbers);
    const isNetwork = recipeNumbers.kind === "network";
    const head = isNetwork
      ? networkHead(await engine.train(fusedSpec(backbones, recipeNumbers), state))
      : blocksHead(recipeNumbers, backbones, state);
    return new Classifier(backbones, await FeatureExtractor.create(engine, backbones, isNetwork), head);
  }

  /**
   * The probability of a dog.
   * @throws PhotoError when the bytes are no photo.
   */
  async pDog(photo: Uint8Array): Promise<number> {
    const box = await withPixels(photo, whiteBorder);
    const one = [{ bytes: photo.length, read: () => Promise.resolve(photo), box }];
    const inputs = await pixelBatches(one, photoSizes(this.backbones));
    const extracted = await this.extractor.extract(inputs);
    await assertFiniteFeatures(this.extractor.engine, this.backbones, { names: ["the photo"], inputs, extracted });
    return await this.head.pDog(extracted);
  }

  async close(): Promise<void> {
    await this.head.close();
    await this.extractor.close();
  }
}

/** What turns a photo's features into P(dog). */
interface ExtractedHead {
  pDog(photo: ExtractedFeatures): Promise<number>;
  close(): Promise<void>;
}

function networkHead(trainer: Trainer): ExtractedHead {
  return {
    pDog: async (photo) => dogProbabilities(await trainer.evaluate(boundariesOf(photo)))[0],
    close: () => trainer.close(),
  };
}

function blocksHead(
  recipe: HeadRecipe,
  backbones: readonly Backbone[],
  state: TensorMap,
): ExtractedHead {
  const all = featureBlocks(backbones);
  const head = blockHead(recipe, all);
  return {
    pDog: ({ features }) =>
      Promise.resolve(probability(blockHeadLogits(selectBlocks(features, all, recipe.blocks), head, state)[0])),
    close: () => Promise.resolve(),
  };
}

/**
 * The head and the tuned parts of a run's backbones.
 * @throws UserError when the run has not come that far, or came there by other settings or weights than it has now;
 * DamagedFile when its file is not what was written.
 */
export async function finetunedState(config: Config, tools: Pick<Workshop, "weightsHash">): Promise<TensorMap> {
  const { out } = config;
  const folder = stageFolder(out, finetune.name);
  const finished = await VerifiedFolder.open(folder, finetune.name);
  if (!finished) {
    throw new UserError(
      `Cannot use the classifier of ${out}: expected a run that has been fine-tuned, got one that has not. Run ` +
        `deno task stage finetune first`,
    );
  }
  const { manifest } = finished;
  const inputs = { ...manifest.inputs, "the weights": await tools.weightsHash() };
  const { version } = finetune;
  const stale = staleReason(manifest, { version, params: finetune.params(config), inputs, backend: null });
  if (stale !== undefined) {
    throw new UserError(
      `Cannot use the classifier of ${out}: expected one that is up to date, got an earlier one (${stale}). Run ` +
        `deno task stage finetune --out ${out} first`,
    );
  }
  return (await readTensorFile(finished, FITTED_STATE)).tensors;
}
