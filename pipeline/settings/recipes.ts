import type { BlockHead, BlockHeadOptions } from "../../model/linear/linear_probe.ts";
import { type InputScales, OWN_SIZES } from "../../model/networks/input_scales.ts";

/** What every recipe says, whatever it trains. */
type CommonNumbers = {
  readonly description: string;
  /** At what sizes the backbones see the photos, as parts of the weights' own. */
  readonly inputScales: InputScales;
  /** Share of each class that trains; the rest validates. */
  readonly trainShare: number;
};

/** The write-up's way: a network on top, trained by SGD; then the backbones' last blocks train as well. */
export type NetworkRecipe = CommonNumbers & {
  readonly kind: "network";
  readonly momentum: number;
  readonly batchSize: number;
  readonly train: { readonly epochs: number; readonly rate: number };
  /** Training photos with a cross entropy over this, by the head that trained on them, are set aside. */
  readonly outlierLoss: number;
  readonly finetune: {
    readonly epochs: number;
    readonly headRate: number;
    readonly tunedRate: number;
    /** Epochs without a better validation loss before the rates fall to a tenth. */
    readonly patience: number;
  };
};

/** Regressions on blocks of features; the backbones stay frozen. */
export type BlocksRecipe = CommonNumbers & {
  readonly kind: "blocks";
  readonly blocks: readonly string[];
  readonly squareRoots: BlockHead["squareRoots"];
  readonly regressions: BlockHeadOptions["regressions"];
  readonly penalty: BlockHeadOptions["penalty"];
  /** Training photos are set aside with a cross entropy over this, by heads that have not trained on them. */
  readonly outlierLoss: number;
  /** So are those whose distance to their neighbours is this many robust deviations over the median. */
  readonly outlierDistance: number;
  /** The parts into which training photos are divided to be judged by heads that have not trained on them. */
  readonly folds: number;
};

/** The numbers of a training run, as data. */
export type Recipe = NetworkRecipe | BlocksRecipe;

/** The loss of a photo whose right class has a probability of 30%: -ln(.30). */
const WRITE_UP_OUTLIER_LOSS = 1.2040;

/** The write-up's numbers; it does not give its batch size or its number of fine-tuning epochs. */
const seed: NetworkRecipe = {
  kind: "network",
  description: "the write-up's numbers",
  inputScales: OWN_SIZES,
  trainShare: 0.8,
  momentum: 0.91,
  batchSize: 32,
  train: { epochs: 2, rate: 0.001 },
  outlierLoss: WRITE_UP_OUTLIER_LOSS,
  finetune: { epochs: 2, headRate: 0.001, tunedRate: 0.0001, patience: 2 },
};

/** The best one measured: see docs/results.md for what each part of it gains. */
const blocks: BlocksRecipe = {
  kind: "blocks",
  description: "a regression on each of five layers' maxima, averaged; larger photos for Inception_v3",
  inputScales: { ...OWN_SIZES, inception: 1.25 },
  trainShare: 0.8,
  blocks: [
    "resnet.layer4.maximum",
    "inception.Mixed_6e.maximum",
    "inception.Mixed_7a.maximum",
    "inception.Mixed_7b.maximum",
    "inception.Mixed_7c.maximum",
  ],
  squareRoots: false,
  regressions: "one a block",
  penalty: 1e-6,
  outlierLoss: WRITE_UP_OUTLIER_LOSS,
  outlierDistance: 3,
  folds: 5,
};

/** The best recipe with a part of it taken back, to measure what the part gains. */
const lastMeans: BlocksRecipe = {
  ...blocks,
  description: "blocks on the last layers' means alone, the write-up's features",
  blocks: ["resnet.features", "inception.features"],
};
const lastMaxima: BlocksRecipe = {
  ...blocks,
  description: "blocks on the last layers' maxima alone",
  blocks: ["resnet.layer4.maximum", "inception.Mixed_7c.maximum"],
};
const earlierMeans: BlocksRecipe = {
  ...blocks,
  description: "blocks with earlier layers, means in place of maxima",
  blocks: ["resnet.features", "inception.features", "inception.Mixed_7b.mean", "inception.Mixed_6e.mean"],
};
const resnetAlone: BlocksRecipe = {
  ...blocks,
  description: "blocks without Inception_v3",
  blocks: ["resnet.layer4.maximum"],
};
const inceptionAlone: BlocksRecipe = {
  ...blocks,
  description: "blocks without ResNet50",
  blocks: blocks.blocks.filter((name) => name.startsWith("inception.")),
};
const ownSizes: BlocksRecipe = {
  ...blocks,
  description: "blocks with photos of the weights' own sizes",
  inputScales: OWN_SIZES,
};
const largerResnet: BlocksRecipe = {
  ...blocks,
  description: "blocks with larger photos for ResNet50 too",
  inputScales: { resnet: 1.25, inception: 1.25 },
};
const squareRoots: BlocksRecipe = { ...blocks, description: "blocks with square roots of features", squareRoots: true };
const oneRegression: BlocksRecipe = {
  ...blocks,
  description: "blocks side by side in one regression",
  regressions: "one for all",
};
const weakPenalty: BlocksRecipe = { ...blocks, description: "blocks with a third of the penalty", penalty: 3e-7 };
const strongPenalty: BlocksRecipe = { ...blocks, description: "blocks with thirty times the penalty", penalty: 3e-5 };

/** Every recipe that `--recipe` can name. */
export const RECIPES:
  & { readonly seed: NetworkRecipe; readonly blocks: BlocksRecipe }
  & Readonly<Record<string, Recipe>> = {
    blocks,
    seed,
    "last-means": lastMeans,
    "last-maxima": lastMaxima,
    "earlier-means": earlierMeans,
    "resnet-alone": resnetAlone,
    "inception-alone": inceptionAlone,
    "own-sizes": ownSizes,
    "larger-resnet": largerResnet,
    "square-roots": squareRoots,
    "one-regression": oneRegression,
    "weak-penalty": weakPenalty,
    "strong-penalty": strongPenalty,
  };

export const DEFAULT_RECIPE = "blocks";

/** Of a blocks recipe, what a head that is fitted by it depends on. */
export function headNumbers({ kind, inputScales, blocks, squareRoots, regressions, penalty }: BlocksRecipe) {
  return { kind, inputScales, blocks, squareRoots, regressions, penalty };
}
