/**
 * Memory that is lent, and lent again when it was given back: fresh memory costs more than to fill it, and no thread's
 * garbage collection sees how much of it is shared with others. What is not given back is its borrower's.
 */
export class LentMemory<Memory> {
  readonly #free: Memory[] = [];

  /** @param fresh what is lent while nothing has come back. */
  constructor(readonly fresh: () => Memory) {}

  take(): Memory {
    return this.#free.pop() ?? this.fresh();
  }

  giveBack(memory: Memory): void {
    this.#free.push(memory);
  }
}
