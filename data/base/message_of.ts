/**
 * What was thrown, in words; anything can be. What a library said in several lines is one; an error that names what it
 * cannot do is the program's own, and a name in it stays as it is.
 */
export function messageOf(thrown: unknown): string {
  const message = wordsOf(thrown);
  return message.startsWith("Cannot ") ? message : message.replace(/\s*\n\s*/g, " ");
}

/** The first line of what was thrown: of a library that says what is wrong first, and in further lines where. */
export function firstLineOf(thrown: unknown): string {
  return wordsOf(thrown).split("\n", 1)[0];
}

function wordsOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
