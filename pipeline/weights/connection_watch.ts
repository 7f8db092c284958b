/** When a connection is given up. */
export interface ConnectionPatience {
  /** How long it may bring nothing, in milliseconds. */
  readonly stall: number;
  /** The fewest bytes that it has to bring in each `window`. */
  readonly leastBytes: number;
  /** In milliseconds. */
  readonly window: number;
}

/** Gives a connection up that brings nothing for too long, or too little to ever end. */
export class ConnectionWatch implements Disposable {
  readonly #end = new AbortController();
  #stall?: ReturnType<typeof setTimeout>;
  #window?: ReturnType<typeof setInterval>;
  #bytes = 0;

  constructor(readonly patience: ConnectionPatience) {
    this.#awaitBytes();
  }

  /** Aborted when the connection is given up, the reason an Error in the user's words. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Counts bytes of the body. */
  brought(bytes: number): void {
    this.#bytes += bytes;
    clearTimeout(this.#stall);
    this.#awaitBytes();
    this.#window ??= setInterval(() => this.#judge(), this.patience.window);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#stall);
    clearInterval(this.#window);
  }

  #awaitBytes(): void {
    this.#stall = setTimeout(() => this.#end.abort(new Error("the server fell silent")), this.patience.stall);
  }

  #judge(): void {
    const { leastBytes, window } = this.patience;
    if (this.#bytes < leastBytes) {
      this.#end.abort(new Error(`the server is too slow (fewer than ${leastBytes} bytes in ${window / 1000} s)`));
    }
    this.#bytes = 0;
  }
}
