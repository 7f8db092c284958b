import type { LinearProbeOptions } from "../../model/linear/fit_linear_probe.ts";
import type { InputScales } from "../../model/networks/fused/input_scales.ts";

/** What every recipe says, whatever it trains. */
export interface CommonRecipe {
  readonly description: string;
  /** At what sizes the backbones see the photos, as parts of the weights' own. */
  readonly inputScales: InputScales;
  /** Share of each class that trains; the rest validates. */
  readonly trainShare: number;
  /** Which training photos are set aside. */
  readonly outliers: OutlierRules;
}

/** By what a training photo is an outlier. */
export type OutlierRules = InSampleRules | OutOfFoldRules;

/** The write-up's way: by the classifier that has trained on the photo. */
export interface InSampleRules {
  readonly predicted: "in sample";
  /** A cross entropy over this sets a photo aside. */
  readonly loss: number;
}

/** By classifiers that have not trained on the photo, and by its distance to the photos most like it. */
export interface OutOfFoldRules {
  readonly predicted: "out of fold";
  readonly loss: number;
  /** So does a distance to its neighbours that is this many robust deviations over the median. */
  readonly distance: number;
  /** The parts into which the training photos are divided. */
  readonly folds: number;
}

/** The write-up's way: a network on top, trained by SGD; then the backbones' last blocks train as well. */
export interface FusionNetworkRecipe extends CommonRecipe {
  readonly kind: "fusion network";
  readonly momentum: number;
  readonly batchSize: number;
  readonly train: { readonly epochs: number; readonly rate: number };
  readonly finetune: {
    readonly epochs: number;
    readonly headRate: number;
    readonly backboneRate: number;
    /** Epochs without a better validation loss before the rates fall to a tenth. */
    readonly patience: number;
  };
}

/** Logistic regressions on groups of features; the backbones stay frozen. */
export interface LinearProbeRecipe extends CommonRecipe {
  readonly kind: "linear probe";
  /** The groups of features, by their names. */
  readonly groups: readonly string[];
  /** Whether features are square-rooted before a group's row is brought to length 1: Hellinger normalisation. */
  readonly hellinger: boolean;
  readonly regressions: LinearProbeOptions["regressions"];
  /** The L2 regularisation: half of it times the squared norm of a regression's weight is added to its loss. */
  readonly l2: number;
}

/** The hyperparameters of a training run, as data. */
export type Recipe = FusionNetworkRecipe | LinearProbeRecipe;
