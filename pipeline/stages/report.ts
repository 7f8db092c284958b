import { z } from "zod";
import { basename, join } from "@std/path";
import { chosenFit } from "../classifier/chosen_fit.ts";
import { UntimedFit } from "../classifier/fitted.ts";
import { orderInWords } from "../outliers/order_in_words.ts";
import { RescannedPhotos } from "../outliers/outliers.ts";
import { REVIEW_FILE } from "../review/file/review.ts";
import { FilteredPhotos, Scan, SplitPhotos, TrimmedPhotos } from "../photos/photo.ts";
import { Predictions } from "../predictions/predicted_photos.ts";
import { surestMistakes } from "../predictions/surest_mistakes.ts";
import { fewPhotosWarning, validationEstimates } from "../predictions/validation_estimates.ts";
import { SUBMISSION_FILE } from "../predictions/submission.ts";
import { learningOf } from "../report/gather/learning.ts";
import { photoSummary } from "../report/gather/photo_summary.ts";
import { runFacts } from "../report/gather/run_facts.ts";
import { evenly } from "../report/gather/shown_photos.ts";
import { stageSummaries } from "../report/gather/stage_summaries.ts";
import { type Shower, shower } from "../report/gather/thumbnails.ts";
import { renderReport } from "../report/render_report.ts";
import { type OutlierSummary, SHOWN_OUTLIERS, type TestSummary } from "../report/report_data.ts";
import { REPORT_FILE } from "../report/report_file.ts";
import { defineStage } from "../runner/stage.ts";
import { OUTPUT_FILE } from "../store/manifest.ts";

const SHOWN_MISTAKES = 24;
const SHOWN_PREDICTIONS = 24;

const Inputs = z.object({
  scan: Scan,
  trim: TrimmedPhotos,
  filter: FilteredPhotos,
  split: SplitPhotos,
  train: UntimedFit,
  rescan: RescannedPhotos,
  finetune: UntimedFit,
  predict: Predictions,
});

/** Shows the whole run on one page. */
export const report = defineStage({
  name: "report",
  version: 3,
  inputs: Inputs,
  output: z.object({ page: z.string() }),
  tools: ["folder", "photos", "random", "records", "warn"],
  params: ({ out, weights, recipe, seed, clip, isSample, hyperparameters }) => {
    return { out, weights, recipe, seed, clip, isSample, predicted: hyperparameters.outliers.predicted };
  },
  async run(inputs, { out, predicted, ...settings }, tools) {
    const records = await tools.records();
    const show = shower(inputs.trim, (set) => tools.photos(set));
    const { test, validation } = inputs.predict;
    const estimates = validationEstimates(validation, settings.clip, tools.random("validation estimates"));
    const fewPhotos = estimates && fewPhotosWarning(estimates);
    if (fewPhotos !== undefined) tools.warn(fewPhotos);
    const page = await renderReport({
      run: runFacts(basename(out), settings, records, new Date()),
      stages: stageSummaries(records),
      photos: photoSummary(inputs),
      learning: learningOf(records),
      classifier: chosenFit(inputs.finetune),
      validation,
      estimates,
      mistakes: await show("train", surestMistakes(validation, SHOWN_MISTAKES)),
      outliers: await shownOutliers(inputs.rescan, out, orderInWords(predicted), show),
      test: await shownPredictions(test, out, show),
      warnings: [...fewPhotos === undefined ? [] : [fewPhotos], ...records.flatMap(({ warnings }) => warnings)],
    });
    await tools.folder.write(REPORT_FILE, page);
    return { output: { page: REPORT_FILE }, counts: {}, details: { validation: estimates ?? null } };
  },
});

async function shownOutliers(
  { outliers }: z.infer<typeof RescannedPhotos>,
  out: string,
  order: string,
  show: Shower,
): Promise<OutlierSummary> {
  return {
    photos: [...await show("train", outliers.slice(0, SHOWN_OUTLIERS)), ...outliers.slice(SHOWN_OUTLIERS)],
    order,
    listFile: join(out, "rescan", OUTPUT_FILE),
    reviewFile: join(out, REVIEW_FILE),
  };
}

async function shownPredictions(
  test: z.infer<typeof Predictions>["test"],
  out: string,
  show: Shower,
): Promise<TestSummary> {
  return {
    predictions: test.map(({ pDog }) => pDog),
    sample: await show("test", evenly(test, SHOWN_PREDICTIONS)),
    submissionFile: test.length > 0 ? join(out, "predict", SUBMISSION_FILE) : undefined,
  };
}
