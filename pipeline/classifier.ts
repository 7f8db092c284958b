import { batchTransforms } from "../data/batch_transform.ts";
import { whiteBorder } from "../data/borders.ts";
import { decodePhoto } from "../data/photo.ts";
import { dogProbabilities } from "../model/training/loss.ts";
import type { TensorMap } from "../model/tensor.ts";
import type { Trainer } from "../model/training/trainer.ts";
import { boundariesOf } from "./boundary_inputs.ts";
import { readTensorFile } from "./checkpoint.ts";
import type { Config } from "./config.ts";
import { FeatureExtractor } from "./feature_extractor.ts";
import { FITTED_STATE } from "./fit.ts";
import { fusedSpec } from "./fused_network.ts";
import { MANIFEST_FILE } from "./manifest.ts";
import { preprocessings } from "./photo_batches.ts";
import { stageFolder } from "./run_folder.ts";
import type { Backbone } from "../model/weights.ts";
import { UserError } from "./user_error.ts";
import type { Workshop } from "./workshop.ts";

/** A finished run's network, for photos one by one: trimmed, sized and computed exactly as in the run. */
export class Classifier {
  private constructor(
    readonly backbones: readonly Backbone[],
    readonly extractor: FeatureExtractor,
    readonly fused: Trainer,
  ) {}

  /** @throws UserError when the run has not been fine-tuned yet. */
  static async open(config: Config, workshop: Workshop): Promise<Classifier> {
    const state = await finetunedState(config.out);
    const { engine } = await workshop.chosenEngine();
    const backbones = await workshop.backbones();
    const fused = await engine.train(fusedSpec(backbones, config.recipeNumbers), state);
    return new Classifier(backbones, await FeatureExtractor.create(engine, backbones), fused);
  }

  /**
   * The probability of a dog.
   * @throws PhotoError when the bytes are no photo.
   */
  async pDog(photo: Uint8Array): Promise<number> {
    const box = whiteBorder(await decodePhoto(photo));
    const one = [{ read: () => Promise.resolve(photo), box }];
    const extracted = await this.extractor.extract(await batchTransforms(one, preprocessings(this.backbones)));
    const [probability] = dogProbabilities(await this.fused.evaluate(boundariesOf(extracted)));
    return probability;
  }

  async close(): Promise<void> {
    await this.fused.close();
    await this.extractor.close();
  }
}

/**
 * The head and the tuned parts of a run's backbones.
 * @throws UserError when the run has not come that far.
 */
export async function finetunedState(run: string): Promise<TensorMap> {
  const folder = stageFolder(run, "finetune");
  if (!await folder.has(MANIFEST_FILE)) {
    throw new UserError(
      `Cannot use the classifier of ${run}: expected a run that has been fine-tuned, got one that has not. Run ` +
        `deno task stage finetune first`,
    );
  }
  return (await readTensorFile(folder, FITTED_STATE)).tensors;
}
