import { messageOf, UserError } from "./user_error.ts";

/**
 * What the command line prints of an error: one line for what the user can put right, and for everything that says what
 * it expected; the whole stack for a mistake in the program, which is for whoever mends it.
 */
export function explain(thrown: unknown): string {
  const message = messageOf(thrown);
  if (thrown instanceof UserError || message.startsWith("Cannot ")) return `error: ${message}`;
  if (thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.PermissionDenied) {
    return `error: ${message}`;
  }
  return `error: ${message}\nThis is a mistake in the program. Please report it with these lines:\n${
    thrown instanceof Error ? thrown.stack : ""
  }`;
}
