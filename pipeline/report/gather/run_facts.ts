import { z } from "zod";
import type { Config } from "../../settings/config.ts";
import type { StageRecord } from "../../runner/stage.ts";
import type { RunFacts } from "../report_data.ts";

/** What the write-up reached with its own photos and weights, for runs that follow it. */
const WRITE_UP = { source: "the write-up", accuracy: 0.9899, logLoss: 0.030226 };

/** The settings that the page tells of. */
export type ReportedSettings = Pick<Config, "weights" | "recipe" | "seed" | "clip" | "isSample">;

/**
 * What was run, and on what.
 * @param records of the stages before the report, in the order in which they ran
 */
export function runFacts(
  name: string,
  { isSample, ...settings }: ReportedSettings,
  records: readonly Pick<StageRecord, "stage" | "details" | "backend" | "device" | "backendReason">[],
  finished: Date,
): RunFacts {
  const computed = records.findLast(({ backend }) => backend !== null);
  const followsWriteUp = settings.recipe === "writeup" && settings.weights !== "mini" && !isSample;
  return {
    name,
    finished,
    ...settings,
    engine: computed?.backend ?? "none",
    device: computed?.device ?? "none",
    engineReason: computed?.backendReason ?? "",
    ...precisionOf(records),
    ...(followsWriteUp ? { reference: WRITE_UP } : {}),
  };
}

/** What `transform` says of itself; earlier versions said nothing. */
const TransformDetails = z.object({ precision: z.string() });

function precisionOf(records: readonly Pick<StageRecord, "stage" | "details">[]): Pick<RunFacts, "precision"> {
  const told = TransformDetails.safeParse(records.find(({ stage }) => stage === "transform")?.details);
  return told.success ? { precision: told.data.precision } : {};
}
