import type { Estimate } from "../../predictions/bootstrap.ts";

/** A run, or an evaluation that one keeps, with what it was told and how good it turned out. */
export interface MeasuredRun {
  /** `sample`, `sample: writeup by 5 folds`. */
  readonly name: string;
  readonly kind: "run" | "evaluation";
  /** What it was told, by the names that people know. */
  readonly settings: Readonly<Record<string, string>>;
  /** Photos that it was measured on; none where it has not come that far. */
  readonly photos: number | undefined;
  readonly logLoss: Estimate | undefined;
  readonly clippedLogLoss: Estimate | undefined;
  readonly accuracy: Estimate | undefined;
  /** How long a run's stages took when they last ran. */
  readonly seconds: number | undefined;
}

/** The settings in which some of the runs differ, in the order in which they come up. */
export function differingSettings(runs: readonly Pick<MeasuredRun, "settings">[]): string[] {
  const names = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))];
  return names.filter((name) => new Set(runs.map(({ settings }) => settings[name] ?? "")).size > 1);
}
