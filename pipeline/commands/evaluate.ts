import type { TrialTools } from "../classifier/classifier.ts";
import { assertCanEvaluate } from "../evaluate/inputs/can_evaluate.ts";
import type { Evaluation } from "../evaluate/results/evaluation.ts";
import { featuresFor } from "../evaluate/inputs/features_for.ts";
import { KeptEvaluations } from "../evaluate/results/kept_evaluations.ts";
import { findKnownOutliers } from "../evaluate/yardstick/known_outliers.ts";
import { photosToEvaluate } from "../evaluate/inputs/photos_to_evaluate.ts";
import { RecipeEvaluator } from "../evaluate/recipe_evaluator.ts";
import { type NamedRecipe, recipesNamed } from "../evaluate/inputs/recipes_to_evaluate.ts";
import { evaluationTables } from "../evaluate/results/tables.ts";
import { printLines } from "../terminal/print.ts";
import { duration, standardError } from "../terminal/progress.ts";
import { stopwatch } from "../files/stopwatch.ts";
import { healing } from "../runner/execute/healing.ts";
import { MAXIMUM_FOLDS } from "../photos/folds.ts";
import type { Runner } from "../runner/runner.ts";
import { countFrom } from "./options/count_from.ts";
import { sayEarlierNames } from "./options/earlier_names.ts";
import { type HoldOptions, withRun } from "./runs/with_run.ts";
import type { Config } from "../settings/config.ts";
import { sampleIsDrawn } from "./runs/places/drawn_sample.ts";
import { runToGoOnWith } from "./runs/open_run.ts";
import type { Arguments } from "./options/options.ts";

/** Where a run's folder keeps its evaluations. */
const FOLDER = "evaluate";

const DEFAULT_FOLDS = 5;

/**
 * `deno task evaluate`: recipes by stratified cross-validation over every labelled photo that was kept, from the
 * features that `transform` stored. Keeps `evaluate/NAME-FOLDS-folds-seed-SEED.json` for each, takes what it has kept of
 * the same photos, and prints them side by side.
 */
export async function evaluateCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const folds = countFrom(given, "folds", 2, MAXIMUM_FOLDS) ?? DEFAULT_FOLDS;
  const epochs = countFrom(given, "epochs", 1, Infinity);
  const names = given.values.get("recipe");
  if (names !== undefined) sayEarlierNames(names.split(","), standardError);
  const recipesGiven = names === undefined ? undefined : recipesNamed(names, epochs);
  const out = await runToGoOnWith(given);
  // The run's own recipe stays what it is: others are only tried here.
  const settings = new Map([...given.values].filter(([name]) => name !== "recipe"));
  const outliers = given.values.get("outliers");
  const recipesFor = ({ recipe }: Config) => recipesGiven ?? recipesNamed(recipe, epochs);
  const options: HoldOptions = {
    mayStart: given.values.has("data"),
    check: async (runner) => {
      recipesFor(runner.config);
      if (!runner.config.isSample || await sampleIsDrawn(runner.config)) {
        await assertCanEvaluate(runner, folds, outliers);
      }
    },
  };
  await withRun({ ...given, values: settings }, out, options, signal, async (runner) => {
    const recipes = recipesFor(runner.config);
    const evaluations = await healing(runner.context, () => evaluateRecipes(runner, recipes, folds, outliers));
    await printLines(evaluationTables(evaluations));
  });
}

/** Evaluates one recipe after another on the same folds of the same photos, and keeps each result. */
async function evaluateRecipes(
  runner: Runner,
  recipes: readonly NamedRecipe[],
  folds: number,
  outliersFile: string | undefined,
): Promise<Evaluation[]> {
  const { context, config: { seed, clip, weights, data, backend } } = runner;
  // What can be wrong with the options comes out before the long way through the backbones.
  const { folded, relabelled, others } = await photosToEvaluate(runner, folds);
  others.forEach((line) => context.say(line));
  // What a file says of a label, it says of the one that the photo's name gives.
  const asNamed = folded.photos.map(({ id }) => id).filter((id) => !relabelled.has(id));
  const known = await findKnownOutliers(data, asNamed, outliersFile);
  const evaluator = new RecipeEvaluator(folded, known, toolsOf(runner));
  const kept = new KeptEvaluations(context.runFolder, FOLDER);
  const evaluations: Evaluation[] = [];
  for (const { name, recipe } of recipes) {
    const features = await featuresFor(recipe, runner, FOLDER);
    const seconds = stopwatch();
    const facts = { name, recipe, seed, folds, clip, weights };
    const path = context.runFolder.path(kept.fileOf(facts));
    const inputs = { facts, folded, known, features, backend };
    let evaluation = await kept.read(inputs);
    if (evaluation) {
      context.say(`evaluate ${name}: nothing changed, taken from ${path}`);
    } else {
      context.say(`evaluate ${name} (${recipe.description})`);
      evaluation = await evaluator.evaluated(facts, features);
      await kept.write(evaluation, inputs);
      context.say(`  done in ${duration(seconds())}: ${path}`);
    }
    evaluations.push(evaluation);
  }
  return evaluations;
}

/** What evaluating works with, its random numbers apart from those of the stages. */
function toolsOf({ context }: Runner): TrialTools {
  return {
    random: (purpose) => context.random(`evaluate ${purpose}`),
    progress: (total, unit) => context.progress("evaluate", total, unit),
    engine: async () => (await context.chosenEngine()).engine,
    signal: context.signal,
  };
}
