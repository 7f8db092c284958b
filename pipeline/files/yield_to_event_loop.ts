/** So long a computation goes on before others get their turn: one costs a millisecond. */
const TURN_MILLISECONDS = 20;

let lastTurn = performance.now();

/**
 * A pause in a long computation, if it is time for one: timers, signals and the screen get their turn, and Ctrl-C ends
 * the computation.
 * @throws whatever the signal was aborted with.
 */
export async function yieldToEventLoop(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (performance.now() - lastTurn < TURN_MILLISECONDS) return;
  await new Promise((resolve) => setTimeout(resolve, 0));
  lastTurn = performance.now();
  signal.throwIfAborted();
}
