import { join } from "@std/path";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { chooseEngine } from "../../../../model/engines/choose.ts";
import { classifierOf } from "../../../../pipeline/classifier/classifier_of.ts";
import { RescannedPhotos } from "../../../../pipeline/outliers/outliers.ts";
import {
  EMPTY_REVIEW_TEXT,
  REVIEW_FILE,
  REVIEW_SCHEMA_FILE,
  reviewSchemaText,
} from "../../../../pipeline/review/file/review.ts";
import type { LabelledPhoto } from "../../../../pipeline/photos/photo.ts";
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
const PHOTOS = labelledPhotos(40).map((photo): LabelledPhoto =>
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
async function rescanned(
  root: string,
  recipe: Recipe,
  review?: { keep?: string[]; relabel?: Record<string, "cat" | "dog"> },
) {
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
    const inputs = {
      split: {
        train: PHOTOS,
        validation: [{ id: VALIDATION, label: "cat", sha256: "" }],
        undersampled: [],
        duplicates: [],
        dropped: [],
        relabelled: [],
      },
      transform: { ...features.index, trainKeys: "", testKeys: "" },
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
      assertEquals(await runFolder.readText(REVIEW_FILE), EMPTY_REVIEW_TEXT);
      assertEquals(await runFolder.readText(REVIEW_SCHEMA_FILE), reviewSchemaText());
    }));
}

for (const recipe of KINDS) {
  for (const review of [{ keep: [MISLABELLED] }, { relabel: { [MISLABELLED]: "cat" } as const }]) {
    Deno.test(`rescan by a ${recipe.kind} never sets aside what the user says to ${Object.keys(review)}`, () =>
      inFolder(async (folder) => {
        const { outliers, clean, counts } = await rescanned(folder, recipe, review);
        assertEquals(outliers.find(({ id }) => id === MISLABELLED)?.verdict, "kept by the review");
        assertEquals(clean.includes(MISLABELLED), true);
        assertEquals(counts["set aside"], outliers.length - 1);
      }));
  }
}

Deno.test("rescan warns of photos to keep that are left out anyway, and not of those that validate", () =>
  inFolder(async (folder) => {
    const { tools } = await rescanned(folder, KINDS[0], { keep: [VALIDATION, "cat.tiny.jpg"] });
    assertEquals(tools.warnings.length, 1);
    assertStringIncludes(tools.warnings[0], `${REVIEW_FILE} keeps cat.tiny.jpg, which is left out for another reason`);
  }));
