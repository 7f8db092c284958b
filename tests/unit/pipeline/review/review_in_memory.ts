import type { HeldHistory, ReviewFiles } from "../../../../pipeline/review/review_files.ts";

/** What a process that was killed does not get to any more. */
export class Killed extends Error {}

/** A run's review and journal on a disk that is memory. */
export class ReviewDisk {
  journal = new Uint8Array();
  review: string | undefined;
  #free: Promise<void> = Promise.resolve();

  /** The files as one process sees them, which is killed at its `writes`-th write from now on, half way through it. */
  files(writes = Infinity, share = 0): ReviewFiles {
    let left = writes;
    /** Gives how much of a write gets to the disk. */
    const write = (length: number) => {
      if (left < 0) throw new Killed();
      return left-- > 0 ? length : Math.floor(share * length);
    };
    const alive = () => {
      if (left < 0) throw new Killed();
    };
    return {
      reviewPath: "review.json",
      hasHistory: () => Promise.resolve(this.journal.length > 0),
      holdHistory: async () => await this.#held(write, alive),
      readReview: async () => {
        alive();
        await turn();
        return this.review;
      },
      writeReview: async (text) => {
        await turn();
        const written = write(text.length);
        if (written === text.length) this.review = text;
        alive();
      },
    };
  }

  async #held(write: (length: number) => number, alive: () => void): Promise<HeldHistory> {
    alive();
    const before = this.#free;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#free = promise;
    await before;
    return {
      size: () => Promise.resolve(this.journal.length),
      readFrom: (start) => Promise.resolve(this.journal.slice(start)),
      writeAfter: async (length, bytes) => {
        await turn();
        const written = bytes.subarray(0, write(bytes.length));
        this.journal = new Uint8Array([...this.journal.subarray(0, length), ...written]);
        alive();
      },
      [Symbol.dispose]: () => resolve(),
    };
  }
}

/** Lets others go on. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
