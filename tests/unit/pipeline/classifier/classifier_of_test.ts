import { assertEquals } from "@std/assert";
import type { ClassifierStage } from "../../../../pipeline/classifier/classifier.ts";
import { classifierOf } from "../../../../pipeline/classifier/classifier_of.ts";
import { canonicalJson } from "../../../../pipeline/files/hashing.ts";
import type { Recipe } from "../../../../pipeline/settings/recipe.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";

const STAGES: readonly ClassifierStage[] = ["train", "rescan", "finetune", "predict"];
const { writeup, "linear-probe": probe } = RECIPES;
const { outliers } = writeup;

/** The stages whose results depend on what differs between two recipes. */
function differing(a: Recipe, b: Recipe): ClassifierStage[] {
  const of = (recipe: Recipe, stage: ClassifierStage) => canonicalJson(classifierOf(recipe).hyperparametersFor(stage));
  return STAGES.filter((stage) => of(a, stage) !== of(b, stage));
}

const sizes = { inputScales: { resnet: 1.5, inception: 1.5 } };

for (
  const [what, before, after, stages] of [
    ["momentum", writeup, { ...writeup, momentum: 0.5 }, ["train", "finetune"]],
    ["batch size", writeup, { ...writeup, batchSize: 8 }, ["train", "finetune"]],
    ["epochs", writeup, { ...writeup, train: { ...writeup.train, epochs: 9 } }, ["train"]],
    ["backbone learning rate", writeup, { ...writeup, finetune: { ...writeup.finetune, backboneRate: 1 } }, [
      "finetune",
    ]],
    ["outlier loss", writeup, { ...writeup, outliers: { ...outliers, loss: 2 } }, ["rescan"]],
    ["photos' sizes", writeup, { ...writeup, ...sizes }, ["finetune", "predict"]],
    ["description", writeup, { ...writeup, description: "" }, []],
    ["L2", probe, { ...probe, l2: 1 }, ["train", "rescan", "finetune"]],
    ["regressions", probe, { ...probe, regressions: "one for all" }, ["train", "rescan", "finetune"]],
    ["Hellinger normalisation", probe, { ...probe, hellinger: true }, STAGES],
    ["feature groups", probe, { ...probe, groups: ["resnet.features"] }, STAGES],
    ["outlier rules", probe, { ...probe, outliers }, ["rescan"]],
    ["share that trains", probe, { ...probe, trainShare: 0.5 }, []],
  ] satisfies [string, Recipe, Recipe, readonly ClassifierStage[]][]
) {
  const name = stages.length === 0 ? "no stage" : stages.join(", ");
  Deno.test(`another ${what} of a recipe that trains a ${before.kind} makes ${name} out of date`, () => {
    assertEquals(differing(before, after), [...stages]);
  });
}

Deno.test("a fusion network's outliers may be told out of fold: they then depend on how it is trained", () => {
  const outOfFold = { ...writeup, outliers: probe.outliers };
  assertEquals(differing(outOfFold, { ...outOfFold, momentum: 0.5 }), ["train", "rescan", "finetune"]);
});

Deno.test("classifierOf() gives a kind of its own for each recipe's", () => {
  assertEquals(classifierOf(writeup).usesCutPoints, true);
  assertEquals(classifierOf(probe).usesCutPoints, false);
  assertEquals(classifierOf(probe).withEpochs(3), undefined);
  assertEquals(classifierOf(writeup).withEpochs(3), { ...writeup, train: { ...writeup.train, epochs: 3 } });
});
