/** The numbers of a training run, as data. */
export type Recipe = {
  readonly description: string;
  /** Share of each class that trains; the rest validates. */
  readonly trainShare: number;
  readonly momentum: number;
  readonly batchSize: number;
  readonly train: { readonly epochs: number; readonly rate: number };
  /** Training photos with a cross entropy over this are set aside; 1.2040 is -ln(.30). */
  readonly outlierLoss: number;
  readonly finetune: {
    readonly epochs: number;
    readonly headRate: number;
    readonly tunedRate: number;
    /** Epochs without a better validation loss before the rates fall to a tenth. */
    readonly patience: number;
  };
};

/** The write-up's numbers; it does not give its batch size or its number of fine-tuning epochs. */
const seed: Recipe = {
  description: "the write-up's numbers",
  trainShare: 0.8,
  momentum: 0.91,
  batchSize: 16,
  train: { epochs: 2, rate: 0.001 },
  outlierLoss: 1.2040,
  finetune: { epochs: 2, headRate: 0.001, tunedRate: 0.0001, patience: 2 },
};

/** Every recipe that `--recipe` can name. */
export const RECIPES: Readonly<Record<string, Recipe>> = { seed };

export const DEFAULT_RECIPE = "seed";
