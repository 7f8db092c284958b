import { filter } from "./filter.ts";
import { finetune } from "./finetune.ts";
import { predict } from "./predict.ts";
import { report } from "./report.ts";
import { rescan } from "./rescan.ts";
import { scan } from "./scan.ts";
import { split } from "./split.ts";
import type { Stage } from "./stage.ts";
import { train } from "./train.ts";
import { transform } from "./transform.ts";
import { trim } from "./trim.ts";

/** The whole pipeline, in order: from a folder of photos to a submission and a report. */
export const STAGES: readonly Stage[] = [
  scan,
  trim,
  filter,
  split,
  transform,
  train,
  rescan,
  finetune,
  predict,
  report,
];
