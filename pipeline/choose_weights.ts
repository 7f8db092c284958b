import type { RunSettings } from "./config.ts";
import type { Arguments } from "./options.ts";
import { standardError } from "./progress.ts";
import { backboneFiles } from "./open_backbones.ts";

/**
 * Settles which weights a new run takes when `--weights` does not say: for one's own photos the full set where it has
 * been fetched, else mini; for the drawn sample mini. One line says so, and how to get the full set.
 */
export async function chooseWeights(settings: RunSettings, given: Arguments, isNew: boolean): Promise<RunSettings> {
  if (given.values.has("weights") || settings.data === null || !isNew) return settings;
  const hasFull = await backboneFiles("full").then(() => true, () => false);
  standardError.write(
    hasFull
      ? "weights: full, fetched before (--weights mini is quicker and less exact)\n"
      : "weights: mini, small and quick; for the best results fetch the full set once with: deno task weights\n",
  );
  return { ...settings, weights: hasFull ? "full" : "mini" };
}
