/**
 * Something that the user can put right: bad input, a wrong option, a missing file. The command line prints the message
 * as one line, without a stack trace, and exits with a non-zero status.
 */
export class UserError extends Error {
  /** What it is called before its message. */
  override readonly name: string = "UserError";
}
