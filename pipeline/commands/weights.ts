import type { Arguments } from "./options/options.ts";
import { fetchWeights } from "../weights/fetch_weights.ts";
import { print } from "../terminal/print.ts";
import { standardError } from "../terminal/progress.ts";

/** `deno task weights`: the full-size backbones. */
export async function weightsCommand(given: Arguments, signal: AbortSignal): Promise<void> {
  const folder = await fetchWeights({
    set: "full",
    mirror: given.values.get("mirror"),
    from: given.values.get("from"),
    signal,
    output: standardError,
  });
  await print(`The full-size backbones are in ${folder}; deno task pipeline --data DIR takes them from now on`);
}
