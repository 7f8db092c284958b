import { setTimeout as delay } from "node:timers/promises";
import { messageOf, UserError } from "../files/user_error.ts";
import { visible, visibleLines } from "./visible.ts";

/** Whoever read the results stopped before their end, as `head` does. */
export class ReaderGone extends UserError {}

/** Where results go. */
export interface ResultOutput {
  write(bytes: Uint8Array): Promise<number>;
}

/** Until a full pipe that does not wait by itself is tried again. */
const RETRY_MILLISECONDS = 10;

/**
 * Prints a line of a result to standard output.
 * @throws UserError when nobody takes it.
 */
export async function print(line: string, output: ResultOutput = Deno.stdout): Promise<void> {
  await printAll(`${visible(line)}\n`, output);
}

/**
 * Prints a result of several lines, whose names from outside are each in one line already.
 * @throws UserError when nobody takes it.
 */
export async function printLines(text: string, output: ResultOutput = Deno.stdout): Promise<void> {
  await printAll(`${visibleLines(text)}\n`, output);
}

async function printAll(text: string, output: ResultOutput): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += await output.write(bytes.subarray(at));
    } catch (thrown) {
      // Another program may have set the pipe not to wait: Node does.
      if (!(thrown instanceof Deno.errors.WouldBlock)) throw refusal(thrown);
      await delay(RETRY_MILLISECONDS);
    }
  }
}

function refusal(thrown: unknown): UserError {
  if (thrown instanceof Deno.errors.BrokenPipe) {
    return new ReaderGone("Cannot print the whole result: expected a reader until the end, got a closed pipe");
  }
  return new UserError(
    `Cannot print the result: expected standard output to take it, got ${messageOf(thrown)}. Finished work is kept: ` +
      `run the same command again with somewhere to print`,
  );
}
