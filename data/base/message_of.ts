/**
 * What was thrown, in words; anything can be. What a library said in several lines is one; an error that names what it
 * cannot do is the program's own, and a name in it stays as it is.
 */
export function messageOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return message.startsWith("Cannot ") ? message : message.replace(/\s*\n\s*/g, " ");
}
