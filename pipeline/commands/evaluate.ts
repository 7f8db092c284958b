import { join } from "@std/path";
import { writeSettings } from "../settings/config.ts";
import { crossValidate, judgeInSample } from "../evaluate/cross_validate.ts";
import { type Evaluation, evaluationOf } from "../evaluate/evaluation.ts";
import { featuresFor } from "../evaluate/features_for.ts";
import { assignFolds, MAXIMUM_FOLDS } from "../photos/folds.ts";
import { findKnownOutliers } from "../evaluate/known_outliers.ts";
import { rankings } from "../evaluate/rankings.ts";
import { type NamedRecipe, recipesNamed } from "../evaluate/recipes_to_evaluate.ts";
import { evaluationTables } from "../evaluate/tables.ts";
import type { FeatureReader } from "../features/feature_store.ts";
import { OUTPUT_FILE } from "../runner/manifest.ts";
import { healing } from "../runner/healing.ts";
import type { Arguments } from "./options.ts";
import { FilteredPhotos, type FoldedPhotos, ScannedPhotos, SplitPhotos } from "../photos/photo.ts";
import { printLines } from "../files/print.ts";
import { duration } from "../files/progress.ts";
import type { ReadableFolder } from "../runner/run_folder.ts";
import type { Runner } from "../runner/runner.ts";
import { stopwatch } from "../files/stopwatch.ts";
import type { StageName } from "../runner/stage.ts";
import { type SuspicionSignals, suspicionSignals } from "../outliers/outlier_signals.ts";
import { labelledIds } from "../stages/train.ts";
import { UserError } from "../files/user_error.ts";
import { holdRun, withStages } from "./held_run.ts";
import { runToGoOnWith } from "./open_run.ts";

/** Where a run's folder keeps its evaluations. */
const FOLDER = "evaluate";

const DEFAULT_FOLDS = 5;

/**
 * `deno task evaluate`: recipes by stratified cross-validation over every labelled photo that was kept, from the
 * features that `transform` stored. Writes `evaluate/NAME.json` for each and prints them side by side.
 */
export async function evaluateCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const folds = countFrom(given, "folds", 2, MAXIMUM_FOLDS) ?? DEFAULT_FOLDS;
  const epochs = countFrom(given, "epochs", 1, Infinity);
  const names = given.values.get("recipe");
  const recipesGiven = names === undefined ? undefined : recipesNamed(names, epochs);
  const out = await runToGoOnWith(given);
  // The run's own recipe stays what it is: others are only tried here.
  const settings = new Map([...given.values].filter(([name]) => name !== "recipe"));
  using held = await holdRun({ ...given, values: settings }, out, { mayStart: given.values.has("data") });
  const recipes = recipesGiven ?? recipesNamed(held.config.recipe, epochs);

  await withStages(held, signal, async (runner) => {
    await writeSettings(held.settings, runner.workshop.runFolder);
    const outliers = given.values.get("outliers");
    const evaluations = await healing(runner.workshop, () => evaluateRecipes(runner, recipes, folds, outliers));
    await printLines(evaluationTables(evaluations));
  });
}

/** Evaluates one recipe after another on the same folds of the same photos. */
async function evaluateRecipes(
  runner: Runner,
  recipes: readonly NamedRecipe[],
  folds: number,
  outliersFile: string | undefined,
): Promise<Evaluation[]> {
  const { workshop, config: { seed, clip, weights, data } } = runner;
  await runner.run({ until: "split" });
  const outputOf = async (stage: StageName) => await outputIn(await runner.finished(stage));
  const { kept } = FilteredPhotos.parse(await outputOf("filter"));
  const { duplicates } = SplitPhotos.parse(await outputOf("split"));
  const photos = labelledIds(kept.toSorted(), ScannedPhotos.parse(await outputOf("scan")));
  // What can be wrong with the options comes out before the long way through the backbones.
  const foldOf = assignFolds(photos, duplicates, folds, workshop.random("evaluate folds"));
  const folded: FoldedPhotos = { photos, folds: Uint8Array.from(photos, ({ id }) => foldOf.get(id) ?? 0) };
  const known = await findKnownOutliers(data, kept, outliersFile);

  const tools = {
    random: (purpose: string) => workshop.random(`evaluate ${purpose}`),
    progress: (total: number, unit: string) => workshop.progress("evaluate", total, unit),
    engine: async () => (await workshop.chosenEngine()).engine,
    signal: workshop.signal,
  };
  // Signals depend on the sizes of the photos and not on the recipe otherwise.
  const signals = new Map<string, SuspicionSignals>();
  const signalsOf = async (sizes: string, reader: FeatureReader): Promise<SuspicionSignals> => {
    const found = signals.get(sizes) ?? await suspicionSignals(folded, reader, tools);
    signals.set(sizes, found);
    return found;
  };
  const evaluations: Evaluation[] = [];
  for (const { name, recipe } of recipes) {
    const { sizes, reader, manifest: { backend, device } } = await featuresFor(recipe, runner, FOLDER);
    const seconds = stopwatch();
    workshop.say(`evaluate ${name} (${recipe.description})`);
    const outOfFold = await crossValidate(recipe, folded, reader, tools);
    const facts = { name, recipe, seed, folds, clip, weights, backend, device };
    const suspected = known && {
      known,
      rankings: rankings(
        photos,
        { outOfFold, inSample: await judgeInSample(recipe, photos, reader, tools) },
        await signalsOf(sizes, reader),
      ),
    };
    const evaluation = evaluationOf(facts, folded, outOfFold, suspected, () => tools.random("bootstrap"));
    const file = join(FOLDER, `${name}.json`);
    await workshop.runFolder.write(file, JSON.stringify(evaluation) + "\n");
    evaluations.push(evaluation);
    workshop.say(`  done in ${duration(seconds())}: ${workshop.runFolder.path(file)}`);
  }
  return evaluations;
}

async function outputIn(folder: ReadableFolder): Promise<unknown> {
  return JSON.parse(await folder.readText(OUTPUT_FILE));
}

/** An option that counts something; `undefined` where it was not given. */
function countFrom(given: Arguments, name: string, least: number, most: number): number | undefined {
  const text = given.values.get(name);
  if (text === undefined) return undefined;
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (count >= least && count <= most) return count;
  const range = most === Infinity ? `${least} or more` : `${least} to ${most}`;
  throw new UserError(`Cannot use --${name} ${text}: expected a whole number, ${range}`);
}
