/// <reference types="../../data/base/std.d.ts" />
/**
 * The pipeline for other programs: a finished run's classifier for any pictures, the stages, and the features that the
 * backbones made of a run's photos.
 *
 * ```ts
 * import { openClassifier } from "@cats-or-dogs/pipeline";
 *
 * await using classifier = await openClassifier("runs/sample");
 * for await (const { index, pDog } of classifier.predict(["cat.jpg", "dog.jpg"])) console.log(index, pDog);
 * ```
 *
 * @module
 */
export { ENGINE_NAMES, type EngineName } from "../../model/engines/engine.ts";
export { UserError } from "../files/user_error.ts";
export { STAGE_NAMES, type StageName } from "../runner/stage.ts";
export type { ProgressFacts } from "../terminal/progress.ts";
export type { Listener } from "./listener.ts";
export {
  openClassifier,
  type OpenOptions,
  type PhotoClassifier,
  type Picture,
  type PictureAnswer,
  type PicturePixels,
} from "./photo_classifier.ts";
export { type FeatureMatrix, type NamedGroup, openFeatures, type RunFeatures } from "./run_features.ts";
export { type PipelineOptions, type PipelineResult, runPipeline, type StageResult } from "./run_pipeline.ts";
