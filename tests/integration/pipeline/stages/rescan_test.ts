import { join } from "@std/path";
import { assertEquals, assertRejects } from "@std/assert";
import { chooseEngine } from "../../../../model/engines/choose.ts";
import { classifierOf } from "../../../../pipeline/classifier/classifier_of.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { RescannedPhotos } from "../../../../pipeline/outliers/outliers.ts";
import { EMPTY_REVIEW, type Review, REVIEW_FILE } from "../../../../pipeline/outliers/review.ts";
import type { LabelledId } from "../../../../pipeline/photos/photo.ts";
import { type ReadableFolder, stageFolder } from "../../../../pipeline/store/run_folder.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import type { Recipe } from "../../../../pipeline/settings/recipe.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import { rescan } from "../../../../pipeline/stages/rescan.ts";
import { labelledPhotos, storedInMemory } from "../../../unit/pipeline/features/stored_in_memory.ts";
import { inFolder } from "../in_folder.ts";
import { fakeToolsWith } from "../runner/fake_tools.ts";

/** Photos of which one is labelled wrong: its features are a dog's. */
const MISLABELLED = "dog.21.jpg";
const PHOTOS = labelledPhotos(40).map((photo): LabelledId =>
  photo.id === MISLABELLED ? { ...photo, label: "cat" } : photo
);
const IDS = PHOTOS.map(({ id }) => id);
/** A photo of the folder that does not train. */
const VALIDATION = "cat.98.jpg";

const KINDS: readonly Recipe[] = [
  RECIPES["linear-probe"],
  { ...RECIPES.writeup, batchSize: 8, train: { epochs: 15, rate: 0.05 } },
];

/** Runs `rescan` over photos with stored features, after a first fit of the recipe's classifier to them. */
async function rescanned(root: string, recipe: Recipe, review?: Review) {
  const { engine } = await chooseEngine("onnx");
  try {
    const features = storedInMemory(IDS);
    const out = join(root, "run");
    const runFolder = stageFolder(out, "");
    await runFolder.run.claim();
    if (review) await runFolder.write(REVIEW_FILE, JSON.stringify(review));
    const folders: Record<string, ReadableFolder> = {
      train: stageFolder(out, "train"),
      transform: features.folder,
    };
    const common = {
      engine: () => Promise.resolve(engine),
      backbones: () => Promise.reject(new Error("no photo is sent through backbones here")),
      runFolder,
    };
    const first = fakeToolsWith(join(out, "train"), common);
    await classifierOf(recipe).fit({ train: PHOTOS, validation: PHOTOS }, features, first);
    const tools = fakeToolsWith(join(out, "rescan"), { ...common, inputFolder: (stage) => folders[stage] });
    const scanned = [...PHOTOS, { id: VALIDATION, label: "cat" as const }];
    const inputs = {
      scan: { train: scanned.map((photo) => ({ ...photo, bytes: 1, sha256: photo.id, width: 9, height: 9 })) },
      split: { train: IDS, validation: [VALIDATION], undersampled: [], duplicates: [] },
      transform: { ...features.index, trainRows: "", testRows: "" },
      train: { states: [], kept: "" },
    };
    const config = { ...await configOf(DEFAULT_SETTINGS, out), hyperparameters: recipe };
    const { output, counts } = await rescan.run(inputs, config, tools);
    return { ...RescannedPhotos.parse(output), counts, tools, runFolder };
  } finally {
    await engine.close();
  }
}

for (const recipe of KINDS) {
  Deno.test(`rescan sets a wrong label aside by a ${recipe.kind}, and leaves an empty review to write into`, () =>
    inFolder(async (folder) => {
      const { outliers, clean, counts, runFolder } = await rescanned(folder, recipe);
      const [worst] = outliers;
      assertEquals([worst.id, worst.label, worst.verdict], [MISLABELLED, "cat", "set aside"]);
      assertEquals(worst.pDog > 0.5, true);
      assertEquals(clean.includes(MISLABELLED), false);
      assertEquals(counts.outliers, outliers.length);
      assertEquals(counts["cats left"] + counts["dogs left"], clean.length);
      assertEquals(JSON.parse(await runFolder.readText(REVIEW_FILE)), EMPTY_REVIEW);
    }));
}

Deno.test("rescan follows the review, warns of photos that do not train, and refuses names that no photo has", () =>
  inFolder(async (folder) => {
    const [probe] = KINDS;
    const review = { keep: [MISLABELLED, VALIDATION], drop: ["cat.0.jpg"] };
    const { outliers, clean, tools } = await rescanned(folder, probe, review);
    const verdicts = new Map(outliers.map(({ id, verdict, reason }) => [id, [verdict, reason === null]]));
    assertEquals(verdicts.get(MISLABELLED), ["kept by the review", false]);
    assertEquals(verdicts.get("cat.0.jpg"), ["dropped by the review", true]);
    assertEquals([clean.includes(MISLABELLED), clean.includes("cat.0.jpg")], [true, false]);
    assertEquals(tools.warnings, [`${REVIEW_FILE} names ${VALIDATION}, which is not trained on anyway`]);
    const { message } = await assertRejects(
      () => rescanned(folder, probe, { keep: ["cat.o.jpg"], drop: [] }),
      UserError,
    );
    assertEquals(
      message.startsWith(`Cannot follow ${REVIEW_FILE}: expected photos of the training folder, got cat.o.jpg`),
      true,
    );
  }));
