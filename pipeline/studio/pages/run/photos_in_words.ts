import type { Config } from "../../../settings/config.ts";

/**
 * What a run learns from and predicts.
 * @param config of a run that there is
 * @param settings those that a run would be started with
 */
export function photosInWords(
  config: Pick<Config, "isSample" | "data" | "test"> | undefined,
  settings: ReadonlyMap<string, string>,
): string {
  if (config?.isSample) return "On a drawn sample of cats and dogs.";
  const data = config?.data ?? settings.get("data");
  if (data === undefined) {
    return "On a sample of 500 cats and dogs, which is drawn first. For photos of your own: deno task studio --data FOLDER";
  }
  const test = config ? config.test : settings.get("test");
  return test ? `Learns from ${data}, predicts ${test}.` : `Learns from ${data}.`;
}
