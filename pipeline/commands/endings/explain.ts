import { messageOf, UserError } from "../../files/user_error.ts";
import { visible, visibleLines } from "../../terminal/visible.ts";

/** What the operating system has to say, told apart from the language's own errors. */
const FROM_THE_SYSTEM = /\(os error \d+\)/;

/**
 * What the command line prints of an error: one line for what the user can put right, and for what the system refuses;
 * the whole stack for a mistake in the program, whatever its words, which is for whoever mends it.
 */
export function explain(thrown: unknown): string {
  const message = messageOf(thrown);
  if (thrown instanceof UserError) return `error: ${visible(message)}`;
  if (FROM_THE_SYSTEM.test(message)) return `error: ${visible(refusedBySystem(message))}`;
  return `error: ${visible(message)}\nThis is a mistake in the program. Please report it with these lines:\n${
    thrown instanceof Error ? framesOf(thrown) : ""
  }`;
}

/** The places in the program alone: the message above them may have lines of its own. */
function framesOf({ stack = "" }: Error): string {
  return visibleLines(stack.split("\n").filter((line) => /^\s+at /.test(line)).join("\n"));
}

/** A refusal of the system that no part of the program could say more of. */
function refusedBySystem(message: string): string {
  const advice = [
    [/no space left|quota exceeded/i, "Free some space, then run the same command again: finished work is kept"],
    [/name too long/i, "Use a shorter name"],
    [/read-only/i, "Use a folder that can be written to"],
    [/permission denied/i, "See who may use it"],
  ] as const;
  const known = advice.find(([pattern]) => pattern.test(message));
  const next = known ? known[1] : "Mend that and run the same command again";
  return `Cannot go on: expected the system to allow it, got ${shortened(message)}. ${next}`;
}

/** More of what the system says tells nobody more: a name may have thousands of letters. */
const MAXIMUM_LETTERS = 400;

/** Text without its middle, where it is long beyond reading. */
function shortened(text: string): string {
  const half = MAXIMUM_LETTERS / 2;
  return text.length <= MAXIMUM_LETTERS ? text : `${text.slice(0, half)} [...] ${text.slice(-half)}`;
}
