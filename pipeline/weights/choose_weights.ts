import type { RunSettings } from "../settings/config.ts";
import { standardError } from "../terminal/progress.ts";
import { backboneFiles } from "./open_backbones.ts";

/**
 * Settles which weights a run takes when `--weights` has never said: for one's own photos the full set as soon as it
 * has been fetched, until then mini; for the drawn sample mini. One line says so, and how to get the full set.
 */
export async function chooseWeights(
  settings: RunSettings,
  find: (weights: string) => Promise<unknown> = backboneFiles,
): Promise<RunSettings> {
  if (!settings.weightsByDefault || settings.data === null) return settings;
  const hasFull = await find("full").then(() => true, () => false);
  standardError.write(
    hasFull
      ? "weights: full, fetched before (--weights mini is quicker and less exact)\n"
      : "weights: mini, small and quick; for the best results fetch the full set once with: deno task weights\n",
  );
  return { ...settings, weights: hasFull ? "full" : "mini" };
}
