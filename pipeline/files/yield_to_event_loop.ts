/**
 * A pause for long computations: timers, signals and the screen get their turn, and Ctrl-C ends the computation.
 * @throws whatever the signal was aborted with, from the pause.
 */
export function turnsFor(signal: AbortSignal): () => Promise<void> {
  return async () => {
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
}
