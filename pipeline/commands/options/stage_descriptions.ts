import type { StageName } from "../../runner/stage.ts";

/** What each stage does, for the help. */
export const STAGE_DESCRIPTIONS: Readonly<Record<StageName, string>> = {
  scan: "find the photos: their labels and contents, and what cannot be read",
  trim: "look for white borders to cut, and take a perceptual hash",
  filter: "drop photos of under 3,600 pixels",
  split: "divide into training and validation, duplicates on one side",
  transform: "send the photos through both backbones, once",
  train: "fit the recipe's classifier",
  rescan: "set outliers among the training photos aside",
  finetune: "fit once more, without the outliers",
  predict: "write submission.csv",
  report: "write report.html",
};
