import { join } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { openPhotoSource } from "../../../../data/source/photo_source.ts";
import type { FittedState } from "../../../../pipeline/classifier/fitted.ts";
import { REPORT_FILE, ReportDetails } from "../../../../pipeline/report/report_file.ts";
import type { StageRecord } from "../../../../pipeline/runner/stage.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { stageFolder } from "../../../../pipeline/store/run_folder.ts";
import { report } from "../../../../pipeline/stages/report.ts";
import { writePhotos } from "../../../end_to_end/command_line.ts";
import { inFolder } from "../in_folder.ts";
import { fakeToolsWith } from "../runner/fake_tools.ts";

const IDS = ["cat.0.jpg", "cat.1.jpg", "dog.0.jpg", "dog.1.jpg"] as const;
const STATE: FittedState = {
  name: "first fit",
  trainLoss: 0.1,
  trainAccuracy: 1,
  validationLoss: 0.2,
  validationAccuracy: 0.5,
  rates: null,
  seconds: 1,
};
const FITTED = { states: [STATE], kept: "first fit" };
const FITTED_AGAIN = {
  states: [{ ...STATE, trainLoss: null, trainAccuracy: null }, { ...STATE, name: "refit", validationLoss: 0.3 }],
  kept: "first fit",
};

/** What the stages before the report gave, of four photos; `dog.1.jpg` is gone since. */
function inputs() {
  const photo = (id: string) => ({ id, label: id.slice(0, 3), bytes: 1, sha256: id, width: 80, height: 80 });
  const box = { left: 0, top: 0, width: 80, height: 80 };
  return {
    scan: {
      train: IDS.map(photo),
      test: [],
      unreadableTrain: [],
      unreadableTest: [],
      unlabelled: [],
      leftOutTrain: [],
      leftOutTest: [],
    },
    trim: { train: IDS.map((id) => ({ id, box, hash: "0" })), test: [] },
    filter: { kept: IDS, dropped: [] },
    split: {
      train: [photo("cat.0.jpg"), photo("dog.1.jpg")],
      validation: [photo("cat.1.jpg"), photo("dog.0.jpg")],
      undersampled: [],
      duplicates: [],
      dropped: [],
      relabelled: [],
    },
    train: FITTED,
    rescan: {
      outliers: [{ id: "dog.1.jpg", label: "dog", pDog: 0.1, loss: 2.3, reason: "far off", verdict: "set aside" }],
      clean: ["cat.0.jpg"],
    },
    finetune: FITTED_AGAIN,
    predict: {
      test: [],
      validation: [{ id: "cat.1.jpg", label: "cat", pDog: 0.9 }, { id: "dog.0.jpg", label: "dog", pDog: 0.8 }],
    },
  };
}

function record(stage: string, given: Partial<StageRecord> = {}): StageRecord {
  const engine = { backend: null, device: null, backendReason: null };
  const told = { counts: {}, details: null, reason: "has not run yet", warnings: [] };
  return { stage, seconds: 1, ran: true, ...engine, ...told, ...given };
}

/** Runs the stage over the four photos, three of which are there. */
async function reported(folder: string) {
  const photos = join(folder, "photos");
  await writePhotos(photos, IDS.slice(0, 3));
  const source = await openPhotoSource(photos);
  const out = join(folder, "run");
  await stageFolder(out, "").run.claim();
  const config = await configOf({ ...DEFAULT_SETTINGS, data: photos }, out);
  const records = [
    record("split", { warnings: ["mind the gap"] }),
    record("train", { details: FITTED }),
    record("finetune", { details: FITTED_AGAIN }),
  ];
  const tools = fakeToolsWith(join(out, "report"), {
    folder: stageFolder(out, "report"),
    photos: () => Promise.resolve(source),
    records: () => Promise.resolve(records),
  });
  const { output, details } = await report.run(inputs(), config, tools);
  const page = await Deno.readTextFile(join(out, "report", REPORT_FILE));
  return { output, details, page, warnings: tools.warnings };
}

Deno.test("report writes a page of what the stages gave, and goes on without a photo that is gone", () =>
  inFolder(async (folder) => {
    const { output, page } = await reported(folder);
    assertEquals(output, { page: REPORT_FILE });
    const set = page.slice(page.indexOf(`<section id="outliers"`), page.indexOf(`<section id="mistakes"`));
    for (
      const words of ["dog.1.jpg", "no picture", "far off", "set aside", "by the worst of loss, distance and window"]
    ) {
      assertStringIncludes(set, words);
    }
    const mistakes = page.slice(page.indexOf(`<section id="mistakes"`), page.indexOf(`<section id="sample"`));
    assertStringIncludes(mistakes, "data:image/");
    assertStringIncludes(mistakes, "cat.1.jpg");
    assertStringIncludes(page, "had not run yet");
    assertStringIncludes(page, "fit with the outliers, validation loss 0.2000; without them 0.3000");
  }));

Deno.test("report warns of few validation photos on the screen and first of all on the page, and keeps the intervals", () =>
  inFolder(async (folder) => {
    const { details, page, warnings } = await reported(folder);
    assertEquals(warnings.length, 1);
    assertStringIncludes(warnings[0], "only 2 photos validate: under 385");
    const [few, other] = ["only 2 photos validate", "mind the gap"].map((words) => page.indexOf(words));
    assert(few > 0 && few < other);
    const { validation } = ReportDetails.parse(details);
    assertEquals(validation?.accuracy.value, 0.5);
  }));
