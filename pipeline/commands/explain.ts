import { messageOf, UserError } from "../files/user_error.ts";

/**
 * What the command line prints of an error: one line for what the user can put right, and for everything that says what
 * it expected; the whole stack for a mistake in the program, which is for whoever mends it.
 */
export function explain(thrown: unknown): string {
  const message = messageOf(thrown);
  if (isForTheUser(thrown, message)) return `error: ${message.replace(/\s*\n\s*/g, " ")}`;
  return `error: ${message}\nThis is a mistake in the program. Please report it with these lines:\n${
    thrown instanceof Error ? thrown.stack : ""
  }`;
}

function isForTheUser(thrown: unknown, message: string): boolean {
  if (thrown instanceof UserError) return true;
  // The language's own errors begin with the same word: "Cannot read properties of undefined".
  if (thrown instanceof TypeError || thrown instanceof ReferenceError) return false;
  if (thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.PermissionDenied) return true;
  return message.startsWith("Cannot ");
}
