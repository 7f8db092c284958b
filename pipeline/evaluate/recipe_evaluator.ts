import type { TrialTools } from "../classifier/classifier.ts";
import { classifierOf } from "../classifier/classifier_of.ts";
import type { FeatureReader } from "../features/store/feature_store.ts";
import { type OutlierSignals, outlierSignals } from "../outliers/outlier_signals.ts";
import type { FoldedPhotos } from "../photos/photo.ts";
import { probabilities } from "../predictions/logits.ts";
import type { Recipe } from "../settings/recipe.ts";
import { type Evaluation, type EvaluationFacts, evaluationOf } from "./results/evaluation.ts";
import type { StoredFeatures } from "./inputs/features_for.ts";
import type { KnownOutliers } from "./yardstick/known_outliers.ts";
import { type Ranking, rankings } from "./yardstick/rankings.ts";

/** Evaluates one recipe after another on the same folds of the same photos. */
export class RecipeEvaluator {
  /** By the sizes of the photos: signals do not depend on the recipe otherwise. */
  readonly #signals = new Map<string, OutlierSignals>();

  /** @param known left out where no outliers are known: nothing is ranked then */
  constructor(
    readonly folded: FoldedPhotos,
    readonly known: KnownOutliers | undefined,
    readonly tools: TrialTools,
  ) {}

  async evaluated(
    facts: Omit<EvaluationFacts, "backend" | "device">,
    { sizes, reader, manifest: { backend, device } }: StoredFeatures,
  ): Promise<Evaluation> {
    const classifier = classifierOf(facts.recipe);
    const outOfFold = await classifier.outOfFold(this.folded, reader, this.tools);
    const suspected = this.known && {
      known: this.known,
      rankings: await this.#rankings(facts.recipe, outOfFold, sizes, reader),
    };
    const random = () => this.tools.random("bootstrap");
    return evaluationOf({ ...facts, backend, device }, this.folded, probabilities(outOfFold), suspected, random);
  }

  async #rankings(
    recipe: Recipe,
    outOfFold: Float64Array,
    sizes: string,
    reader: FeatureReader,
  ): Promise<Ranking[]> {
    const { photos } = this.folded;
    const inSample = await classifierOf(recipe).inSample(photos, reader, this.tools);
    return rankings(photos, { outOfFold, inSample }, await this.#signalsOf(sizes, reader));
  }

  async #signalsOf(sizes: string, reader: FeatureReader): Promise<OutlierSignals> {
    const found = this.#signals.get(sizes) ?? await outlierSignals(this.folded, reader, this.tools);
    this.#signals.set(sizes, found);
    return found;
  }
}
