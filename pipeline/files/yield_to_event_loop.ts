/**
 * A pause in a long computation: timers, signals and the screen get their turn, and Ctrl-C ends the computation.
 * @throws whatever the signal was aborted with.
 */
export async function yieldToEventLoop(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise((resolve) => setTimeout(resolve, 0));
}
