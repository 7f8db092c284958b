/**
 * Measures how long something takes, whatever happens to the time of day in between.
 * @param now a clock that never goes back, in milliseconds
 * @returns gives the seconds since the start
 */
export function stopwatch(now: () => number = () => performance.now()): () => number {
  const started = now();
  return () => (now() - started) / 1000;
}
