/** How many of a list an error names. */
const NAMED = 8;
/** Letters of one text in an error; what comes from a file may be of any length. */
const LETTERS = 80;

/** A text for an error, cut where it is long. */
export function cutText(text: string): string {
  return text.length <= LETTERS ? text : `${text.slice(0, LETTERS)}… (${text.length.toLocaleString("en")} letters)`;
}

/** The first few of a list for an error, and how many there are besides: `a, b and 9,990 more`. */
export function firstFew(items: readonly string[], separator = ", "): string {
  const few = items.slice(0, NAMED).join(separator);
  return items.length <= NAMED ? few : `${few} and ${(items.length - NAMED).toLocaleString("en")} more`;
}
