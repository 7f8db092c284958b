import type { Label } from "../../data/labels.ts";
import type { ChosenFit } from "../classifier/chosen_fit.ts";
import type { LabelledPrediction } from "../predictions/metrics.ts";

/** Outliers that the page shows as thumbnails; the rest is counted, and needs no thumbnail. */
export const SHOWN_OUTLIERS = 48;

/** Everything that the report shows; whoever gathers it needs to know nothing of HTML. */
export interface ReportData {
  readonly run: RunFacts;
  /** In the order in which they ran. */
  readonly stages: readonly StageSummary[];
  readonly photos: PhotoSummary;
  /** Epochs of the head, then of fine-tuning; empty where nothing was trained. */
  readonly history: readonly EpochSummary[];
  /** What the network of the run says of the validation photos. */
  readonly validation: readonly ValidationPrediction[];
  /** The surest of the validation photos on which the network is wrong, the surest first. */
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
  /** Why it ran, or why it did not have to. */
  readonly reason: string;
}

/** What became of the photos to learn from. */
export interface PhotoSummary {
  readonly train: number;
  readonly validation: number;
  readonly dropped: readonly { readonly reason: string; readonly ids: readonly string[] }[];
  /** Photos that the user's review gives another label than their name does; null for a name that says neither. */
  readonly relabelled: readonly { readonly id: string; readonly named: Label | null; readonly label: Label }[];
  /** Groups of photos that show the same; each group is on one side of the split. */
  readonly duplicates: readonly { readonly kind: "exact" | "near"; readonly ids: readonly string[] }[];
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

export interface ShownOutlier extends LabelledThumbnail {
  readonly loss: number;
  /** What the user said of it; without it, the pipeline set it aside. */
  readonly verdict?: "kept by you" | "kept for its class";
  /** Why it is doubted, in words. */
  readonly reason: string;
}

/** Training photos whose loss is so high that the label or the photo is doubted. */
export interface OutlierSummary {
  /** All of them, worst first; beyond the first `SHOWN_OUTLIERS` thumbnails are not used. */
  readonly photos: readonly ShownOutlier[];
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
