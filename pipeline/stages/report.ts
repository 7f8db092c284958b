import { z } from "zod";
import { basename, join } from "@std/path";
import { thumbnailUri } from "../../data/picture/thumbnail.ts";
import type { Config } from "../settings/config.ts";
import { chosenFit } from "../classifier/chosen_fit.ts";
import { Fitted, UntimedFit } from "../classifier/fitted.ts";
import { predictedLabel } from "../predictions/metrics.ts";
import { OUTPUT_FILE } from "../store/manifest.ts";
import { RescannedPhotos } from "../outliers/outliers.ts";
import { type Box, FilteredPhotos, ScannedPhotos, SplitPhotos, TrimmedPhotos } from "../photos/photo.ts";
import { Predictions, SUBMISSION_FILE } from "./predict.ts";
import { renderReport } from "../report/render_report.ts";
import { type EpochSummary, type PhotoSummary, type RunFacts, SHOWN_OUTLIERS } from "../report/report_data.ts";
import { REVIEW_FILE } from "../outliers/review.ts";
import { defineStage, type PhotoSet, type StageRecord, type StageTools } from "../runner/stage.ts";

/** The page, in the stage's folder. */
export const REPORT_FILE = "report.html";

const SHOWN_MISTAKES = 24;
const SHOWN_PREDICTIONS = 24;

/** What the write-up reached with its own photos and weights, for runs that follow it. */
const WRITE_UP = { source: "the write-up", accuracy: 0.9899, logLoss: 0.030226 };

const Inputs = z.object({
  scan: ScannedPhotos,
  trim: TrimmedPhotos,
  filter: FilteredPhotos,
  split: SplitPhotos,
  train: UntimedFit,
  rescan: RescannedPhotos,
  finetune: UntimedFit,
  predict: Predictions,
});
type Inputs = z.infer<typeof Inputs>;

/** Shows the whole run on one page. */
export const report = defineStage({
  name: "report",
  version: 1,
  inputs: Inputs,
  output: z.object({ page: z.string() }),
  params: (config) => {
    const { out, weights, recipe, seed, clip, isSample } = config;
    return { out, weights, recipe, seed, clip, isSample };
  },
  async run(inputs, params, tools) {
    const { rescan, predict } = inputs;
    const records = await tools.records();
    const show = thumbnails(inputs.trim, tools);
    const outliers = await Promise.all(rescan.outliers.map(async ({ verdict, ...outlier }, k) => ({
      ...outlier,
      ...(verdict === "kept by the review" ? { verdict: "kept by you" } as const : {}),
      ...(verdict === "kept for its class" ? { verdict } : {}),
      ...(k < SHOWN_OUTLIERS ? await show("train", outlier.id) : {}),
    })));
    const wrong = predict.validation.filter(({ label, pDog }) => predictedLabel(pDog) !== label)
      .sort((a, b) => Math.abs(b.pDog - 0.5) - Math.abs(a.pDog - 0.5)).slice(0, SHOWN_MISTAKES);
    const sample = evenly(predict.test, SHOWN_PREDICTIONS);
    const page = await renderReport({
      run: runFacts(params, records),
      stages: records.map(({ stage, ran, seconds, counts, reason }) => ({
        name: stage,
        state: ran ? "ran" : "kept",
        seconds,
        counts,
        reason,
      })),
      photos: photoSummary(inputs),
      history: [...history("train", records), ...history("finetune", records)],
      validation: predict.validation,
      classifier: chosenFit(inputs.finetune),
      mistakes: await Promise.all(wrong.map(async (photo) => ({ ...photo, ...await show("train", photo.id) }))),
      outliers: {
        photos: outliers,
        listFile: join(params.out, "rescan", OUTPUT_FILE),
        reviewFile: join(params.out, REVIEW_FILE),
      },
      test: {
        predictions: predict.test.map(({ pDog }) => pDog),
        sample: await Promise.all(sample.map(async (photo) => ({ ...photo, ...await show("test", photo.id) }))),
        submissionFile: predict.test.length > 0 ? join(params.out, "predict", SUBMISSION_FILE) : undefined,
      },
      warnings: records.flatMap(({ warnings }) => warnings),
    });
    await tools.folder.write(REPORT_FILE, page);
    return { output: { page: REPORT_FILE }, counts: {} };
  },
});

function runFacts(
  { out, weights, recipe, seed, clip, isSample }: Pick<
    Config,
    "out" | "weights" | "recipe" | "seed" | "clip" | "isSample"
  >,
  records: readonly StageRecord[],
): RunFacts {
  const computed = records.findLast(({ backend }) => backend !== null);
  return {
    name: basename(out),
    finished: new Date(),
    engine: computed?.backend ?? "none",
    device: computed?.device ?? "none",
    engineReason: computed?.backendReason ?? "",
    weights,
    recipe,
    seed,
    clip,
    ...(recipe === "writeup" && weights !== "mini" && !isSample ? { reference: WRITE_UP } : {}),
  };
}

function photoSummary({ scan, filter, split, rescan }: Inputs): PhotoSummary {
  const content = new Map(scan.train.map(({ id, sha256 }) => [id, sha256]));
  const setAside = rescan.outliers.filter(({ verdict }) => !verdict.startsWith("kept")).map(({ id }) => id);
  const dropped = [
    { reason: "cannot be read", ids: scan.unreadableTrain.map(({ id }) => id) },
    { reason: "the name says neither cat nor dog", ids: scan.unlabelled },
    { reason: "too small after trimming", ids: filter.dropped.map(({ id }) => id) },
    { reason: "more than the other class has", ids: split.undersampled.map(({ id }) => id) },
    { reason: "dropped by you", ids: split.dropped },
    { reason: "outlier", ids: setAside },
  ];
  return {
    train: split.train.length - setAside.length,
    validation: split.validation.length,
    dropped: dropped.filter(({ ids }) => ids.length > 0),
    relabelled: split.relabelled,
    duplicates: split.duplicates.map((ids) => ({
      kind: new Set(ids.map((id) => content.get(id))).size === 1 ? "exact" : "near",
      ids,
    })),
  };
}

/** The epochs of a training stage, or its one fit, as its manifest tells of them. */
function history(stage: "train" | "finetune", records: readonly StageRecord[]): EpochSummary[] {
  const record = records.find((record) => record.stage === stage);
  if (!record) return [];
  const { states, kept } = Fitted.parse(record.details);
  const trained = states.flatMap((state) => state.trainLoss === null ? [] : [{ ...state, trainLoss: state.trainLoss }]);
  return trained.map(({ name, trainAccuracy, rates, ...state }, k) => ({
    ...state,
    stage,
    epoch: k + 1,
    trainAccuracy: trainAccuracy ?? undefined,
    headRate: rates?.head ?? 0,
    backboneRate: rates && rates.backbone > 0 ? rates.backbone : undefined,
    best: name === kept,
  }));
}

/** A function that makes a photo's thumbnail; a photo that is gone since has none. */
function thumbnails(trim: z.infer<typeof TrimmedPhotos>, tools: StageTools) {
  const boxes = { train: boxesOf(trim.train), test: boxesOf(trim.test) };
  return async (set: PhotoSet, id: string): Promise<{ thumbnail?: string }> => {
    const box = boxes[set].get(id);
    if (!box) return {};
    try {
      return { thumbnail: await thumbnailUri(await (await tools.photos(set)).read(id), box) };
    } catch {
      return {};
    }
  };
}

function boxesOf(photos: readonly { readonly id: string; readonly box: Box }[]): Map<string, Box> {
  return new Map(photos.map(({ id, box }) => [id, box]));
}

/** Items spread evenly over a list. */
function evenly<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return Array.from({ length: Math.min(count, items.length) }, (_, k) => items[Math.floor(k * step)]);
}
