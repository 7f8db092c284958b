/**
 * Characters that do something where they are shown instead of being seen: control characters (escape codes, new lines),
 * those that turn the direction of writing, and halves of characters. Joiners stay: scripts and emoji need them.
 */
const ACTING = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Between lines; CSV has both characters. */
const LINE_END = /(\r?\n)/;

const SHORT = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);

function escaped(character: string): string {
  return SHORT.get(character) ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * Text from outside (names of files, messages of libraries) as one line that a terminal shows and does not obey: a photo
 * named `a\nerror: b` prints no line of its own. What people write, spaces and letters of any script, stays.
 */
export function visible(text: string): string {
  return text.replace(ACTING, escaped);
}

/** The same for text in several lines, which stay. JSON means the same afterwards. */
export function visibleLines(text: string): string {
  return text.split(LINE_END).map((part, k) => k % 2 === 0 ? visible(part) : part).join("");
}
