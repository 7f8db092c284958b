import { pastReason } from "../../runner/plan/past_reason.ts";
import type { StageRecord } from "../../runner/stage.ts";
import type { StageSummary } from "../report_data.ts";

/** The stages as the page tells of them when all is over. */
export function stageSummaries(
  records: readonly Pick<StageRecord, "stage" | "ran" | "seconds" | "counts" | "reason">[],
): StageSummary[] {
  return records.map(({ stage, ran, seconds, counts, reason }) => ({
    name: stage,
    state: ran ? "ran" : "kept",
    seconds,
    counts,
    reason: pastReason(reason),
  }));
}
