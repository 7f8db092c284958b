import type { Label } from "../../data/labels.ts";
import type { ChosenFit } from "../classifier/chosen_fit.ts";
import type { Outlier } from "../outliers/outliers.ts";
import type { LabelledPrediction } from "../predictions/metrics.ts";
import type { ValidationEstimates } from "../predictions/validation_estimates.ts";

/** Outliers that the page shows as thumbnails; the rest is counted, and needs no thumbnail. */
export const SHOWN_OUTLIERS = 48;

/** Everything that the report shows; whoever gathers it needs to know nothing of HTML. */
export interface ReportData {
  readonly run: RunFacts;
  /** In the order in which they ran. */
  readonly stages: readonly StageSummary[];
  readonly photos: PhotoSummary;
  readonly learning: Learning;
  /** What the classifier of the run says of the validation photos. */
  readonly validation: readonly ValidationPrediction[];
  /** How good that is, with intervals; missing where no photo validates. */
  readonly estimates?: ValidationEstimates;
  /** The surest of the validation photos on which the classifier is wrong, the surest first. */
  readonly mistakes: readonly LabelledThumbnail[];
  /** Which of the two fits predicts, and the validation loss of both. */
  readonly classifier: ChosenFit;
  readonly outliers: OutlierSummary;
  readonly test: TestSummary;
  readonly warnings: readonly string[];
}

/** What was run, and on what. */
export interface RunFacts {
  readonly name: string;
  readonly finished: Date;
  /** `webgpu`, `onnx`, ... */
  readonly engine: string;
  readonly device: string;
  /** Why this engine was taken, in words. */
  readonly engineReason: string;
  /** In what numbers the frozen backbones computed; missing where the run did not keep it yet. */
  readonly precision?: string;
  /** `mini`, `full` or a folder. */
  readonly weights: string;
  readonly recipe: string;
  readonly seed: number;
  /** How far from 0 and 1 the predictions in the submission are kept. */
  readonly clip: number;
  /** Numbers to compare with; only where the run follows the same recipe on the same kind of data. */
  readonly reference?: { readonly source: string; readonly accuracy: number; readonly logLoss: number };
}

export interface StageSummary {
  readonly name: string;
  /** `kept`: an earlier run's result still held. */
  readonly state: "ran" | "kept";
  /** How long it took when it ran. */
  readonly seconds: number;
  /** E.g. `{ photos: 3020, unreadable: 1 }`. */
  readonly counts: Readonly<Record<string, number>>;
  /** Why it ran, or why it did not have to, in the past tense. */
  readonly reason: string;
}

/** What became of the photos to learn from. */
export interface PhotoSummary {
  readonly train: number;
  /** Those of them that the rescan leaves out, unless the fit that had them all turns out to be better. */
  readonly setAside: readonly string[];
  readonly validation: number;
  readonly dropped: readonly { readonly reason: string; readonly ids: readonly string[] }[];
  /** What lies beside the photos to learn from and to predict and is taken for none, by kind: `3 videos`. */
  readonly leftOut: readonly { readonly counted: string; readonly ids: readonly string[] }[];
  /** Photos that the user's review gives another label than their name does; null for a name that says neither. */
  readonly relabelled: readonly { readonly id: string; readonly named: Label | null; readonly label: Label }[];
  /** Groups of photos that show the same; each group is on one side of the split. */
  readonly duplicates: readonly { readonly kind: "exact" | "near"; readonly ids: readonly string[] }[];
}

/** What learning went through: epochs of the head, then of fine-tuning; or fits, each to the optimum in one go. */
export type Learning =
  | { readonly by: "epochs"; readonly epochs: readonly EpochSummary[] }
  | { readonly by: "fits"; readonly fits: readonly FitSummary[] };

/** A fit that could become the run's classifier. */
export interface FitSummary {
  /** `first fit`, `refit`. */
  readonly name: string;
  readonly trainLoss?: number;
  readonly trainAccuracy?: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly seconds: number;
  /** Whether it became the run's classifier. */
  readonly kept: boolean;
}

export interface EpochSummary {
  readonly stage: "train" | "finetune";
  /** From 1, within its stage. */
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy?: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly headRate: number;
  /** Missing where only the head is trained. */
  readonly backboneRate?: number;
  readonly seconds: number;
  /** Whether this is the epoch of its stage that was kept. */
  readonly best: boolean;
}

export interface ValidationPrediction extends LabelledPrediction {
  readonly id: string;
}

/** A photo to look at. */
export interface Thumbnail {
  readonly id: string;
  readonly pDog: number;
  /** A data URI with a picture, e.g. `data:image/jpeg;base64,...`; missing where the photo cannot be read any more. */
  readonly thumbnail?: string;
}

export interface LabelledThumbnail extends Thumbnail {
  readonly label: Label;
}

/** An outlier as `rescan` tells of it, in its words. */
export type ShownOutlier = Readonly<Outlier> & Thumbnail;

/** Training photos that stand out: their label or the photo itself may be wrong. */
export interface OutlierSummary {
  /** All of them, worst first; beyond the first `SHOWN_OUTLIERS` thumbnails are not used. */
  readonly photos: readonly ShownOutlier[];
  /** In what order they stand, in words. */
  readonly order: string;
  /** The file with the whole list, as the user would find it. */
  readonly listFile: string;
  /** The file in which the user keeps or drops them. */
  readonly reviewFile: string;
}

/** The photos to predict. */
export interface TestSummary {
  /** P(dog) of every one, in any order, before clipping. */
  readonly predictions: readonly number[];
  readonly sample: readonly Thumbnail[];
  /** The submission, as the user would find it; missing where there was nothing to predict. */
  readonly submissionFile?: string;
}
