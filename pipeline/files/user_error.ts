/**
 * Something that the user can put right: bad input, a wrong option, a missing file. The command line prints the message
 * as one line, without a stack trace, and exits with a non-zero status.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}

/**
 * The message of whatever was thrown. What a library said in several lines is one; an error that names what it cannot do
 * is the program's own, and a name in it stays as it is.
 */
export function messageOf(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return thrown instanceof UserError || message.startsWith("Cannot ") ? message : message.replace(/\s*\n\s*/g, " ");
}
