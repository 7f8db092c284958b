// The locale is named so that the order is the same on every machine.
const naturalOrder = new Intl.Collator("en", { numeric: true });

/**
 * Compares ids in natural order (`cat.9.jpg` before `cat.10.jpg`), as people list them; only equal ids compare as equal.
 */
export function compareIds(first: string, second: string): number {
  return naturalOrder.compare(first, second) || compareCodeUnits(first, second);
}

/** Compares texts by their UTF-16 code units, in the one order that no language's rules change. */
export function compareCodeUnits(first: string, second: string): number {
  return first < second ? -1 : first > second ? 1 : 0;
}

/** Compares ids in the order that every stage computes in, whatever order the folder listed them in. */
export function byId(first: { readonly id: string }, second: { readonly id: string }): number {
  return compareCodeUnits(first.id, second.id);
}
