import type { Html } from "../../report/html.ts";

/**
 * Parts of a page by the ids of their elements: what is inside them is sent again whenever it is another, and nothing
 * else of the page is touched.
 */
export type Parts = ReadonlyMap<string, Html>;

/** The parts that are not as they were, as text. */
export function changedParts(parts: Parts, before: ReadonlyMap<string, string>): Map<string, string> {
  const changed = [...parts].map(([id, part]): [string, string] => [id, part.markup]);
  return new Map(changed.filter(([id, markup]) => before.get(id) !== markup));
}
