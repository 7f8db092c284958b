import { DEFAULT_SETTINGS, type RunSettings } from "../../settings/config.ts";
import type { Arguments } from "../options/options.ts";

/** Where a setting that an option names is kept. */
const SETTING_OF = {
  data: "data",
  test: "test",
  weights: "weights",
  recipe: "recipe",
  backend: "backend",
  precision: "precision",
  seed: "seed",
  "trim-test": "trimTest",
  clip: "clip",
  "cache-gb": "cacheGigabytes",
  cache: "cache",
} as const satisfies Record<string, keyof RunSettings>;

/**
 * A line on the options that hold because a run remembers them and are not what they would be without: `clip 0, as in the
 * last run`; `""` where there are none.
 * @param settled the settings that hold now
 */
export function rememberedText(known: RunSettings, given: Arguments, settled: RunSettings = known): string {
  const told = Object.entries(SETTING_OF).flatMap(([option, setting]) => {
    // Of other photos than the run's, its photos to predict are none.
    if (given.values.has(option) || settled[setting] !== known[setting]) return [];
    // Weights that nobody named are chosen anew, whatever they were.
    const isDefault = setting === "weights" ? known.weightsByDefault : known[setting] === DEFAULT_SETTINGS[setting];
    return isDefault ? [] : [`${option} ${known[setting]}`];
  });
  return told.length === 0 ? "" : `${told.join(", ")}, as in the last run`;
}
