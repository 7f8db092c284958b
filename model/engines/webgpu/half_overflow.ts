/** What 16 bits do not hold: thrown where a network computes in them, and all of it is computed again in 32. */
export class HalfOverflow extends Error {
  override readonly name = "HalfOverflow";

  /** @param layer whose values go beyond 65,504, or are no numbers */
  constructor(readonly layer: string) {
    super(`Cannot compute in 16 bits: expected values up to 65504, got others in ${layer}`);
  }
}
