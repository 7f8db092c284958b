import { type Random, randomFrom } from "../../../../data/random.ts";
import type {
  EpochSummary,
  FitSummary,
  ReportData,
  StageSummary,
  ValidationPrediction,
} from "../../../../pipeline/report/report_data.ts";

/** The first bytes of a JPEG; the page does not look inside. */
const THUMBNAIL = "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQAAAQABAAD/2Q==";

/** How large a run to make up. */
export interface FakeSize {
  readonly validation: number;
  readonly test: number;
  readonly outliers: number;
  readonly mistakes: number;
  readonly sample: number;
  readonly finetuneEpochs: number;
}

/** A made-up run as a real one looks: sure and mostly right, some photos in between, a few sure mistakes. */
export function fakeReport(
  size: Partial<FakeSize> = {},
  thumbnailOf: (index: number) => string = () => THUMBNAIL,
): ReportData {
  const { validation = 604, test = 500, outliers = 9, mistakes = 6, sample = 12, finetuneEpochs = 4 } = size;
  const random = randomFrom(1, "fake report");
  return {
    run: {
      name: "real",
      finished: new Date("2025-11-24T02:15:00Z"),
      engine: "onnx",
      device: "AMD EPYC, 2 cores",
      engineReason: "no hardware WebGPU adapter",
      weights: "mini",
      recipe: "writeup",
      seed: 0,
      clip: 0.005,
      reference: { source: "the write-up's own numbers on all 25,000 photos", accuracy: 0.9899, logLoss: 0.030226 },
    },
    stages: [
      kept("scan", 2.1, { photos: 3020, unreadable: 1 }),
      kept("trim", 8.4, { trimmed: 41 }),
      kept("filter", 0.1, { kept: 3017, dropped: 2 }),
      kept("split", 0.6, { train: 2412, validation: 604 }),
      kept("transform", 65, { photos: 3516, shards: 14 }),
      ran("train", 12, { epochs: 2 }),
      ran("rescan", 1.2, { outliers }),
      ran("finetune", 312, { epochs: finetuneEpochs }),
      ran("predict", 4.3, { photos: test }),
    ],
    photos: {
      train: 2412,
      setAside: ["dog.0.jpg", "cat.37.jpg"],
      validation: 604,
      dropped: [
        { reason: "under 3,600 pixels after trimming", ids: ["dog.1324.jpg", "dog.1381.jpg"] },
        { reason: "not a readable picture", ids: ["cat.9999.jpg"] },
        { reason: "dropped by you", ids: ["cat.77.jpg"] },
      ],
      leftOut: [{ counted: "1 video", ids: ["a.mov"] }, { counted: "2 other files", ids: ["b.txt", "c"] }],
      relabelled: [{ id: "cat.12.jpg", named: "cat", label: "dog" }, { id: "IMG_7.jpg", named: null, label: "cat" }],
      duplicates: [
        { kind: "exact", ids: ["dog.74.jpg", "dog.180.jpg"] },
        { kind: "near", ids: ["dog.980.jpg", "dog.1273.jpg"] },
      ],
    },
    learning: { by: "epochs", epochs: [...epochs("train", 2, 0.12), ...epochs("finetune", finetuneEpochs, 0.05)] },
    classifier: {
      classifier: "second fit",
      fittedTo: "those without the outliers that the rescan set aside",
      validationLoss: { "first fit": 0.0412, "second fit": 0.0279 },
    },
    estimates: validation === 0 ? undefined : {
      photos: validation,
      logLoss: { value: 0.0871, low: 0.0613, high: 0.1184 },
      clippedLogLoss: { value: 0.0802, low: 0.0587, high: 0.1042 },
      accuracy: { value: 0.98, low: 0.967, high: 0.99 },
    },
    validation: Array.from({ length: validation }, (_, index) => fakePrediction(index, random)),
    mistakes: Array.from({ length: mistakes }, (_, index) => ({
      id: `dog.${index}.jpg`,
      label: "dog",
      pDog: 0.0004 + 0.06 * index,
      thumbnail: thumbnailOf(index),
    })),
    outliers: {
      photos: Array.from({ length: outliers }, (_, index) => ({
        id: `${index % 3 ? "cat" : "dog"}.${index * 37}.jpg`,
        label: index % 3 ? "cat" : "dog",
        pDog: index % 3 ? 0.999 - 0.05 * random() : 0.001 + 0.05 * random(),
        loss: 1.21 + 6 / (index + 1),
        reason: "the label is not believed",
        verdict: index === 1 ? "kept by the review" : index === 2 ? "kept for its class" : "set aside",
        thumbnail: index === 3 ? undefined : thumbnailOf(100 + index),
      })),
      order: "They are ordered by the worst of loss, distance and window.",
      listFile: "runs/real/rescan/manifest.json",
      reviewFile: "runs/real/review.json",
    },
    test: {
      predictions: Array.from({ length: test }, (_, index) => fakePrediction(index, random).pDog),
      sample: Array.from({ length: sample }, (_, index) => ({
        id: `${index + 1}.jpg`,
        pDog: fakePrediction(index, random).pDog,
        thumbnail: thumbnailOf(200 + index),
      })),
      submissionFile: "runs/real/predict/submission.csv",
    },
    warnings: ["cat.9999.jpg cannot be read and is left out"],
  };
}

/** Fits as a linear probe's run tells of them: the first one is kept. */
export function fakeFits(): FitSummary[] {
  const measured = { validationLoss: 0.0291, validationAccuracy: 0.99, seconds: 2.5 };
  return [
    { ...measured, name: "first fit", trainLoss: 0.0011, trainAccuracy: 1, kept: true },
    { ...measured, name: "refit", trainLoss: 0.0007, trainAccuracy: 1, validationLoss: 0.0313, kept: false },
  ];
}

/** A run in which nothing happened. */
export function emptyReport(): ReportData {
  const full = fakeReport();
  return {
    ...full,
    stages: [],
    photos: { train: 0, setAside: [], validation: 0, dropped: [], leftOut: [], relabelled: [], duplicates: [] },
    learning: { by: "fits", fits: [] },
    estimates: undefined,
    validation: [],
    mistakes: [],
    outliers: { ...full.outliers, photos: [] },
    test: { predictions: [], sample: [] },
    warnings: [],
  };
}

function kept(name: string, seconds: number, counts: StageSummary["counts"]): StageSummary {
  return { name, state: "kept", seconds, counts, reason: "nothing that it depends on has changed" };
}

function ran(name: string, seconds: number, counts: StageSummary["counts"]): StageSummary {
  return { name, state: "ran", seconds, counts, reason: "recipe.train.rate changed from 0.002 to 0.001" };
}

function epochs(stage: EpochSummary["stage"], count: number, floor: number): EpochSummary[] {
  return Array.from({ length: count }, (_, index) => ({
    stage,
    epoch: index + 1,
    trainLoss: floor + 0.3 * Math.exp(-index * 1.1),
    trainAccuracy: 0.985 - 0.08 * Math.exp(-index),
    validationLoss: floor + 0.02 + 0.15 * Math.exp(-index) + 0.006 * Math.max(index - 2, 0),
    validationAccuracy: 0.978 - 0.04 * Math.exp(-index),
    headRate: stage === "finetune" && index > 2 ? 0.0001 : 0.001,
    backboneRate: stage === "train" ? undefined : index > 2 ? 0.00001 : 0.0001,
    seconds: stage === "train" ? 6 : 78,
    best: index === Math.min(count - 1, 2),
  }));
}

function fakePrediction(index: number, random: Random): ValidationPrediction {
  const label = index % 2 ? "dog" : "cat";
  const logit = 5 + 4 * (random() + random() + random() - 1.5);
  const isMistake = random() < 0.02;
  const pRight = 1 / (1 + Math.exp(isMistake ? logit - 3 : -logit));
  return { id: `${label}.${index}.jpg`, label, pDog: label === "dog" ? pRight : 1 - pRight };
}
