/** Work that waits until the memory that it takes is free. */
interface Waiting {
  readonly bytes: number;
  begin(): void;
}

/**
 * Shares out a number of bytes among pieces of work that go on at the same time: a semaphore whose permits are bytes.
 * Work begins in the order in which it came, so that large pieces get their turn among many small ones.
 */
export class MemoryBudget {
  #free: number;
  readonly #waiting: Waiting[] = [];

  constructor(readonly total: number) {
    this.#free = total;
  }

  /**
   * Does a piece of work as soon as its bytes are free, and frees them when it has ended, well or not.
   * @param bytes as many as the work takes; work that takes more than there are is done alone.
   * @throws RangeError when `bytes` is no number of bytes; whatever the work throws.
   */
  async hold<R>(bytes: number, work: () => Promise<R>): Promise<R> {
    if (!(bytes >= 0)) throw new RangeError(`Cannot hold memory: expected a number of bytes, got ${bytes}`);
    const held = Math.min(bytes, this.total);
    await this.#granted(held);
    try {
      return await work();
    } finally {
      this.#free += held;
      this.#beginWhatFits();
    }
  }

  #granted(bytes: number): Promise<void> {
    return new Promise((begin) => {
      this.#waiting.push({ bytes, begin });
      this.#beginWhatFits();
    });
  }

  #beginWhatFits(): void {
    while (this.#waiting.length > 0 && this.#waiting[0].bytes <= this.#free) {
      this.#free -= this.#waiting[0].bytes;
      this.#waiting.shift()?.begin();
    }
  }
}
