import { TrainedClassifier } from "./trained_classifier.ts";
import { readState } from "../classifier/state_file.ts";
import type { TensorMap } from "../../model/tensor.ts";
import { finishedStage } from "../runner/execute/finished_stage.ts";
import type { RunContext } from "../runner/run_context.ts";
import type { OutsideTools } from "../runner/stage.ts";
import type { Config } from "../settings/config.ts";
import { stageNamed } from "../mod.ts";

/**
 * What a run has trained.
 * @throws UserError when it has not come that far, or came there by other settings or weights than it has now.
 */
export async function finetunedState(config: Config, tools: OutsideTools): Promise<TensorMap> {
  return await readState(
    await finishedStage(stageNamed("finetune"), config, tools, `use the classifier of ${config.out}`),
  );
}

/**
 * A run's classifier, ready to predict any photos.
 * @throws UserError as `finetunedState` does.
 */
export async function openTrainedClassifier(config: Config, context: RunContext): Promise<TrainedClassifier> {
  const state = await finetunedState(config, context.outside);
  return await TrainedClassifier.open(config.hyperparameters, state, {
    engine: async () => (await context.chosenEngine()).engine,
    backbones: () => context.backbones(config.hyperparameters),
  });
}
