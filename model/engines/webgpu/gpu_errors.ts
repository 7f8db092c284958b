const FILTERS = ["validation", "out-of-memory", "internal"] as const;

/**
 * Makes a device's errors fatal and gives them the name of the operation that caused them. WebGPU itself reports them
 * beside the program: commands that failed leave zeros behind, and everything after computes on those.
 */
export class GpuErrors {
  readonly #pending: Promise<void>[] = [];
  #failure: Error | undefined;
  #closed = false;
  readonly #failed = Promise.withResolvers<never>();

  constructor(readonly device: GPUDevice) {
    // Whoever settles hears of it; when nobody does, it must not end the process on its own.
    this.#failed.promise.catch(() => {});
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const reason = event instanceof GPUUncapturedErrorEvent ? event.error.message : "an error without a message";
      this.#fail("an operation that was not watched", reason);
    });
    device.lost.then(({ reason, message }) => {
      if (!this.#closed) this.#fail("anything more", `the device was lost (${reason}): ${message}`);
    });
  }

  /**
   * Runs one operation and listens to what the device says about it.
   * @throws what `run` throws; what the device says is heard by `settle`.
   */
  watch<T>(operation: string, run: () => T): T {
    if (this.#failure) throw this.#failure;
    for (const filter of FILTERS) this.device.pushErrorScope(filter);
    try {
      return run();
    } finally {
      for (const _ of FILTERS) this.#pending.push(this.#heard(operation, this.device.popErrorScope()));
    }
  }

  /**
   * Waits for results, and for the device's word on every operation watched so far.
   * @throws Error that names the first operation that failed; after one, every later call throws it again.
   */
  async settle<T>(results: Promise<T>): Promise<T> {
    const settled = Promise.all([results, ...this.#pending.splice(0)]);
    try {
      const [value] = await Promise.race([settled, this.#failed.promise]);
      return value;
    } catch (error) {
      throw this.#failure ?? error;
    }
  }

  /** Destroys the device. */
  close(): void {
    this.#closed = true;
    this.device.destroy();
  }

  async #heard(operation: string, scope: Promise<GPUError | null>): Promise<void> {
    const error = await scope;
    if (error) this.#fail(operation, error.message);
  }

  #fail(operation: string, reason: string): void {
    if (this.#failure) return;
    this.#failure = new Error(`Cannot compute ${operation} on WebGPU: ${reason}`);
    this.#failed.reject(this.#failure);
  }
}
