import { join } from "@std/path";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { ChosenFit } from "../../../pipeline/classifier/chosen_fit.ts";
import { Evaluation } from "../../../pipeline/evaluate/results/evaluation.ts";
import { RescannedPhotos } from "../../../pipeline/outliers/outliers.ts";
import { EMPTY_REVIEW_TEXT } from "../../../pipeline/review/file/review.ts";
import { SplitPhotos } from "../../../pipeline/photos/photo.ts";
import { LEAST_CLIP, logLoss } from "../../../pipeline/predictions/metrics.ts";
import { Predictions } from "../../../pipeline/predictions/predicted_photos.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { run, runWell } from "../command_line.ts";
import { copyFolder, manifestOf, outputOf, stagesRun } from "../run_files.ts";
import { runSmall } from "../small_run.ts";
import { refusesAll } from "../ownership/untouched.ts";

const RECIPES = ["linear-probe", "writeup"] as const;

/** One run by each recipe over the same photos. */
const finished = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(finished, { recursive: true }));

Deno.test.beforeAll(async () => {
  for (const recipe of RECIPES) await runSmall(finished, { out: recipe, recipe });
});

/** Does something to the finished runs, on a copy of them. */
const onCopy = (test: (folder: string) => Promise<void>) =>
  inFolder(async (folder) => {
    await copyFolder(finished, folder);
    await test(folder);
  });

const LEARNT = ["split", "train", "rescan", "finetune", "predict", "report"];

/** Follows a review; gives the stages that ran. */
async function follow(folder: string, out: string, review: unknown): Promise<string[]> {
  await Deno.writeTextFile(join(folder, out, "review.json"), JSON.stringify(review));
  return stagesRun((await runWell(`pipeline --out ${out}`, folder)).stderr);
}

/** What a run says of its photos and predicts. */
async function resultsOf(out: string) {
  const { counts, details } = await manifestOf(out, "predict");
  return {
    split: await outputOf(out, "split", SplitPhotos),
    rescan: await outputOf(out, "rescan", RescannedPhotos),
    predict: await outputOf(out, "predict", Predictions),
    counts,
    fits: ChosenFit.parse(details),
  };
}

const idsOf = (photos: readonly { readonly id: string }[]) => photos.map(({ id }) => id);

for (const recipe of RECIPES) {
  // Photos that were dropped used to stay in the first fit, and that fit used to be the one that predicts.
  Deno.test(`a photo that ${recipe} is told to drop, of training or of validation, is as if it were not there`, () =>
    onCopy(async (folder) => {
      const out = join(folder, recipe);
      const before = await resultsOf(out);
      const drop = [before.rescan.clean[0], before.split.validation[0].id];
      const stages = await follow(folder, recipe, { keep: [], drop });
      assertEquals(stages.filter((stage) => !LEARNT.includes(stage)), []);
      const dropped = await resultsOf(out);
      assertEquals(dropped.split.dropped, drop.toSorted());
      const taking = idsOf([...dropped.split.train, ...dropped.split.validation, ...dropped.split.undersampled]);
      for (const id of drop) assert(!taking.includes(id), id);
      assertNotEquals(dropped.fits, before.fits);

      await Deno.writeTextFile(join(out, "review.json"), EMPTY_REVIEW_TEXT);
      for (const id of drop) await Deno.remove(join(folder, "photos/train", id));
      await runWell(`pipeline --out ${recipe}`, folder);
      const without = await resultsOf(out);
      assertEquals(dropped, { ...without, split: { ...without.split, dropped: drop.toSorted() } });
    }));

  Deno.test(`a photo that ${recipe} is told to relabel counts under its new label in fits, losses and balance`, () =>
    onCopy(async (folder) => {
      const out = join(folder, recipe);
      const before = await resultsOf(out);
      const sides = [before.split.train, before.split.validation];
      const relabelled = sides.map((side) => side.filter(({ label }) => label === "cat")[0].id);
      const stages = await follow(folder, recipe, { relabel: Object.fromEntries(relabelled.map((id) => [id, "dog"])) });
      assertEquals(stages.filter((stage) => !LEARNT.includes(stage)), []);
      const after = await resultsOf(out);
      const { train, validation, undersampled } = after.split;
      for (const { id, label } of [...train, ...validation, ...undersampled]) {
        assertEquals(label, relabelled.includes(id) ? "dog" : id.slice(0, 3), id);
      }
      assertEquals(train.filter(({ label }) => label === "cat").length, train.length / 2);
      const dogs = new Set(idsOf([...train, ...validation, ...undersampled].filter(({ label }) => label === "dog")));
      assert(
        relabelled.every((id) => dogs.has(id) && after.rescan.outliers.every((o) => o.id !== id || o.label === "dog")),
      );
      assert(
        after.rescan.outliers.every(({ id, verdict }) => !relabelled.includes(id) || verdict === "kept by the review"),
      );
      for (const { id, label } of after.predict.validation) assertEquals(label, dogs.has(id) ? "dog" : "cat");
      const loss = logLoss(after.predict.validation, { clip: LEAST_CLIP });
      assertAlmostEquals(after.counts["validation log loss"], loss, 1e-9);
      // What a fit was kept for is what `predict` computes again.
      assertAlmostEquals(after.fits.validationLoss[after.fits.classifier], loss, 1e-4);
      assertNotEquals(after.fits, before.fits);
    }));
}

Deno.test("a photo to keep is never set aside, and nothing before the rescan runs again", () =>
  onCopy(async (folder) => {
    const out = join(folder, "linear-probe");
    const before = await resultsOf(out);
    const [kept] = idsOf(before.rescan.outliers.filter(({ verdict }) => verdict === "set aside"));
    // A file as it was before there was a third list.
    const stages = await follow(folder, "linear-probe", { keep: [kept, before.split.validation[0].id], drop: [] });
    assertEquals(stages.slice(0, 2), ["rescan", "finetune"]);
    const after = await resultsOf(out);
    assert(after.rescan.clean.includes(kept));
    assertEquals(after.split, before.split);
    for (const command of ["stage rescan --force --out", "pipeline --force --out"]) {
      await runWell(`${command} linear-probe`, folder);
      assertEquals((await resultsOf(out)).rescan, after.rescan);
    }
  }));

Deno.test("a relabelled photo is as one that was named so", () =>
  onCopy(async (folder) => {
    const out = join(folder, "linear-probe");
    const before = await resultsOf(out);
    const [first] = before.split.train.filter(({ label }) => label === "cat");
    await follow(folder, "linear-probe", { relabel: { [first.id]: "dog" } });
    const after = await resultsOf(out);
    await Deno.writeTextFile(join(out, "review.json"), EMPTY_REVIEW_TEXT);
    const named = first.id.replace("cat.", "dog.9");
    await Deno.rename(join(folder, "photos/train", first.id), join(folder, "photos/train", named));
    await runWell("pipeline --out linear-probe", folder);
    const renamed = await resultsOf(out);
    const contents = ({ split }: typeof after, side: "train" | "validation") =>
      split[side].map(({ sha256, label }) => `${sha256} ${label}`).sort();
    for (const side of ["train", "validation"] as const) assertEquals(contents(renamed, side), contents(after, side));
    assertAlmostEquals(renamed.fits.validationLoss["first fit"], after.fits.validationLoss["first fit"], 1e-3);
  }));

Deno.test("a photo whose name says neither takes part once the review gives it a label", () =>
  onCopy(async (folder) => {
    const out = join(folder, "linear-probe");
    const [{ id }] = (await resultsOf(out)).split.train;
    await Deno.rename(join(folder, "photos/train", id), join(folder, "photos/train/IMG_1.jpg"));
    await runWell("pipeline --out linear-probe", folder);
    const all = (
      { split: { train, validation, undersampled } }: Awaited<ReturnType<typeof resultsOf>>,
    ) => [...train, ...validation, ...undersampled];
    assert(!idsOf(all(await resultsOf(out))).includes("IMG_1.jpg"));
    for (const label of ["cat", "dog"] as const) {
      const stages = await follow(folder, "linear-probe", { relabel: { "IMG_1.jpg": label } });
      // It is looked at once it takes part; another word on its label settles at the split.
      assertEquals(stages.includes("scan"), label === "cat");
      const after = await resultsOf(out);
      assertEquals(all(after).find(({ id }) => id === "IMG_1.jpg")?.label, label);
      assertEquals(after.split.relabelled, [{ id: "IMG_1.jpg", named: null, label }]);
      assertEquals((await manifestOf(out, "scan")).counts.unlabelled, 0);
    }
    await follow(folder, "linear-probe", { drop: ["IMG_1.jpg"] });
    assert(!idsOf(all(await resultsOf(out))).includes("IMG_1.jpg"));
  }));

Deno.test("evaluate has no dropped photo in its folds, and relabelled ones under their new label", () =>
  onCopy(async (folder) => {
    const { split: { train, validation } } = await resultsOf(join(folder, "linear-probe"));
    const [dropped, relabelled] = [train, validation].map((side) => side.filter(({ label }) => label === "cat")[0].id);
    const evaluated = async () => {
      await runWell("evaluate --out linear-probe --folds 3", folder);
      const text = await Deno.readTextFile(
        join(folder, "linear-probe/evaluate/linear-probe-3-folds-seed-0.json"),
      );
      return Evaluation.parse(JSON.parse(text));
    };
    const before = await evaluated();
    await Deno.writeTextFile(
      join(folder, "linear-probe/review.json"),
      JSON.stringify({ drop: [dropped], relabel: { [relabelled]: "dog" } }),
    );
    const after = await evaluated();
    assertEquals(idsOf(after.predictions), idsOf(before.predictions).filter((id) => id !== dropped));
    for (const { id, label } of after.predictions) assertEquals(label, id === relabelled ? "dog" : id.slice(0, 3));
    assertEquals(after.all.photos, before.all.photos - 1);
    assertNotEquals(after.all.measures.logLoss.value, before.all.measures.logLoss.value);
  }));

Deno.test("the summary, the report and predict's manifest say which fit predicts, with both validation losses", () =>
  onCopy(async (folder) => {
    for (const recipe of RECIPES) {
      const { fits: { validationLoss, classifier } } = await resultsOf(join(folder, recipe));
      const { "first fit": first, "second fit": second } = validationLoss;
      assertEquals(classifier, first <= second ? "first fit" : "second fit");
      const { stdout } = await runWell(`pipeline --out ${recipe}`, folder);
      const page = await Deno.readTextFile(join(folder, recipe, "report/report.html"));
      for (const loss of [first, second].map((loss) => loss.toFixed(4))) {
        assertStringIncludes(stdout.split("\n").find((line) => line.startsWith("classifier")) ?? "", loss);
        assertStringIncludes(page, loss);
      }
    }
  }));

const WRONG: Record<string, RegExp> = {
  '{ "keep": ["cat.0.jpeg"],\n "drop": [] }':
    /line 1, keep\[0\]: expected a photo .* got cat\.0\.jpeg\. Did you mean cat\.\d+\.jpg\?$/,
  '{ "keep": [],\n "drop": ["cat.x.jpg"] }':
    /line 2, drop\[0\]: expected a photo of the training folder, got cat\.x\.jpg\./,
  '{ "keep": ["a"],\n "drop": ["a"] }':
    /line 2, drop\[0\]: expected each photo in one of .* got a in keep\[0\] \(line 1\) too/,
  '{ "relabel": { "cat.0.jpg": "bird" } }': /line 1, relabel\["cat\.0\.jpg"\]: expected "cat" or "dog", got "bird"/,
  "keep cat.0.jpg": /line 1: expected JSON like /,
};

Deno.test("a review that cannot be followed is answered with its line before anything is written, by every command", () =>
  onCopy(async (folder) => {
    for (const [review, expected] of Object.entries(WRONG)) {
      await Deno.writeTextFile(join(folder, "linear-probe/review.json"), review);
      const message = new RegExp(`^Cannot follow linear-probe/review\\.json, ${expected.source}`);
      await refusesAll(folder, {
        "pipeline --out linear-probe --seed 3 --clip 0.01": message,
      });
    }
    const [, last] = Object.values(WRONG).slice(-2);
    const message = new RegExp(`^Cannot follow linear-probe/review\\.json, ${last.source}`);
    const commands = ["stage scan --out linear-probe --seed 3", "evaluate --out linear-probe --seed 3"];
    await refusesAll(folder, Object.fromEntries(commands.map((words) => [words, message])));
    // What is trained stays usable meanwhile.
    const { code } = await run(["predict", "--run", "linear-probe", "photos/test/1.jpg"], folder);
    assertEquals(code, 0);
  }));

// Both worked by the old word and did not say so.
Deno.test("predict and export say so where the review has changed since the classifier was fitted", () =>
  onCopy(async (folder) => {
    const told = async (words: string) => (await runWell(words, folder)).stderr;
    const commands = ["predict --run linear-probe photos/test/2.jpg", "export --run linear-probe"];
    const note = "note: linear-probe/review.json has changed since: deno task pipeline --out linear-probe follows it\n";
    for (const words of commands) assertEquals((await told(words)).includes("note:"), false, words);
    for (const review of ['{ "drop": ["cat.1.jpg"] }', '{ "keep": ["cat.1.jpg"] }', "{"]) {
      await Deno.writeTextFile(join(folder, "linear-probe/review.json"), review);
      for (const words of commands) assertStringIncludes(await told(words), note);
    }
    await follow(folder, "linear-probe", { drop: ["cat.1.jpg"] });
    for (const words of commands) assertEquals((await told(words)).includes("note:"), false, words);
  }));
