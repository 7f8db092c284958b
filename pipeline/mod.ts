import { entryOf } from "../data/base/entry_of.ts";
import { filter } from "./stages/filter.ts";
import { finetune } from "./stages/finetune.ts";
import { predict } from "./stages/predict.ts";
import { report } from "./stages/report.ts";
import { rescan } from "./stages/rescan.ts";
import { scan } from "./stages/scan.ts";
import { split } from "./stages/split.ts";
import type { Stage, StageName } from "./runner/stage.ts";
import { train } from "./stages/train.ts";
import { transform } from "./stages/transform.ts";
import { trim } from "./stages/trim.ts";

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

/**
 * One stage of it.
 * @throws RangeError when it is none of them.
 */
export function stageNamed(name: StageName): Stage {
  return entryOf(new Map(STAGES.map((stage) => [stage.name, stage])), name, "a stage");
}
