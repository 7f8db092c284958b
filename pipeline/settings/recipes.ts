import { OWN_SIZES } from "../../model/networks/fused/input_scales.ts";
import type { FusionNetworkRecipe, LinearProbeRecipe, Recipe } from "./recipe.ts";

/** The loss of a photo whose right class has a probability of 30%: -ln(.30). */
const WRITE_UP_OUTLIER_LOSS = 1.2040;

/**
 * The write-up's hyperparameters; it does not give its batch size. It reports the third epoch of fine-tuning, and a
 * plateau of patience 2: with fewer than four epochs that cannot act, since the first epoch sets the loss to beat and
 * three after it have to fail to.
 */
const writeup: FusionNetworkRecipe = {
  kind: "fusion network",
  description: "the write-up's hyperparameters",
  inputScales: OWN_SIZES,
  trainShare: 0.8,
  outliers: { predicted: "in sample", loss: WRITE_UP_OUTLIER_LOSS },
  momentum: 0.91,
  batchSize: 32,
  train: { epochs: 2, rate: 0.001 },
  finetune: { epochs: 3, headRate: 0.001, backboneRate: 0.0001, patience: 2 },
};

/** The best one measured: see docs/results.md for what each part of it gains. */
const linearProbe: LinearProbeRecipe = {
  kind: "linear probe",
  description: "a regression on each of five layers' global max pools, averaged; larger photos for Inception_v3",
  inputScales: { ...OWN_SIZES, inception: 1.25 },
  trainShare: 0.8,
  outliers: { predicted: "out of fold", loss: WRITE_UP_OUTLIER_LOSS, distance: 3, folds: 5 },
  groups: [
    "resnet.layer4.global_max",
    "inception.Mixed_6e.global_max",
    "inception.Mixed_7a.global_max",
    "inception.Mixed_7b.global_max",
    "inception.Mixed_7c.global_max",
  ],
  hellinger: false,
  regressions: "one a group",
  l2: 1e-6,
};

/** The best recipe with a part of it taken back, to measure what the part gains. */
const lastMeans: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe on the last layers' means alone, the write-up's features",
  groups: ["resnet.features", "inception.features"],
};
const lastMaxima: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe on the last layers' global max pools alone",
  groups: ["resnet.layer4.global_max", "inception.Mixed_7c.global_max"],
};
const earlierMeans: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe with earlier layers, means in place of global max pools",
  groups: [
    "resnet.features",
    "inception.features",
    "inception.Mixed_7b.global_average",
    "inception.Mixed_6e.global_average",
  ],
};
const resnetAlone: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe without Inception_v3",
  groups: ["resnet.layer4.global_max"],
};
const inceptionAlone: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe without ResNet50",
  groups: linearProbe.groups.filter((name) => name.startsWith("inception.")),
};
const ownSizes: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe with photos of the weights' own sizes",
  inputScales: OWN_SIZES,
};
const largerResnet: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe with larger photos for ResNet50 too",
  inputScales: { resnet: 1.25, inception: 1.25 },
};
const hellinger: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe with Hellinger normalisation of features",
  hellinger: true,
};
const oneRegression: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe on all groups side by side in one regression",
  regressions: "one for all",
};
const weakL2: LinearProbeRecipe = { ...linearProbe, description: "linear probe with a third of the L2", l2: 3e-7 };
const strongL2: LinearProbeRecipe = {
  ...linearProbe,
  description: "linear probe with thirty times the L2",
  l2: 3e-5,
};

/** Every recipe that `--recipe` can name. */
export const RECIPES:
  & { readonly writeup: FusionNetworkRecipe; readonly "linear-probe": LinearProbeRecipe }
  & Readonly<Record<string, Recipe>> = {
    "linear-probe": linearProbe,
    writeup,
    "last-means": lastMeans,
    "last-maxima": lastMaxima,
    "earlier-means": earlierMeans,
    "resnet-alone": resnetAlone,
    "inception-alone": inceptionAlone,
    "own-sizes": ownSizes,
    "larger-resnet": largerResnet,
    hellinger,
    "one-regression": oneRegression,
    "weak-l2": weakL2,
    "strong-l2": strongL2,
  };

export const DEFAULT_RECIPE = "linear-probe";

/** Names that recipes had before, which runs and habits still use. */
export const EARLIER_NAMES: ReadonlyMap<string, string> = new Map([
  ["blocks", "linear-probe"],
  ["seed", "writeup"],
  ["square-roots", "hellinger"],
  ["weak-penalty", "weak-l2"],
  ["strong-penalty", "strong-l2"],
]);

/** The name that a recipe has now. */
export function currentName(name: string): string {
  return EARLIER_NAMES.get(name) ?? name;
}
