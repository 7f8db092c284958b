import type { Output } from "../../terminal/progress.ts";
import { EARLIER_NAMES } from "../../settings/recipes.ts";

/** Tells of recipes that were named as they were called before what they are called now; they are taken all the same. */
export function sayEarlierNames(names: readonly string[], output: Output): void {
  for (const name of names.map((name) => name.trim())) {
    const now = EARLIER_NAMES.get(name);
    if (now !== undefined) output.write(`note: the recipe ${name} is called ${now} now\n`);
  }
}
