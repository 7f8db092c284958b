import { UserError } from "../../../data/base/user_error.ts";

const FILTERS = ["validation", "out-of-memory", "internal"] as const;

/**
 * Makes a device's errors fatal and gives them the name of the operation that caused them. WebGPU itself reports them
 * beside the program: commands that failed leave zeros behind, and everything after computes on those.
 */
export class GpuErrors {
  /** The device's answers that are still to come. */
  readonly #unheard = new Set<Promise<void>>();
  /** Ends the waiting of every `settle` that is under way. */
  readonly #waiting = new Set<(failure: Error) => void>();
  #failure: Error | undefined;
  #closed = false;

  constructor(readonly device: GPUDevice) {
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      const operation = "an operation that was not watched";
      if (event instanceof GPUUncapturedErrorEvent) this.#fail(failureOf(operation, event.error));
      else this.#fail(new Error(sentence(operation, "an error without a message")));
    });
    device.lost.then(({ reason, message }) => {
      if (!this.#closed) this.#fail(withAdvice("anything more", `the device was lost (${reason}): ${message}`));
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
      for (const _ of FILTERS) this.#listen(operation, this.device.popErrorScope());
    }
  }

  /**
   * Waits for results, and for the device's word on every operation watched so far.
   * @throws Error that names the first operation that failed; after one, every later call throws it again.
   */
  async settle<T>(results: Promise<T>): Promise<T> {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    this.#waiting.add(reject);
    try {
      if (this.#failure) throw this.#failure;
      const [value] = await Promise.race([Promise.all([results, ...this.#unheard]), failed]);
      return value;
    } catch (error) {
      throw this.#failure ?? error;
    } finally {
      this.#waiting.delete(reject);
    }
  }

  /** Destroys the device. */
  close(): void {
    this.#closed = true;
    this.device.destroy();
  }

  #listen(operation: string, scope: Promise<GPUError | null>): void {
    const heard = scope.then((error) => {
      if (error) this.#fail(failureOf(operation, error));
    }).finally(() => this.#unheard.delete(heard));
    this.#unheard.add(heard);
    // It is awaited by whoever settles; when nobody does, a failure must not end the process on its own.
    heard.catch(() => {});
  }

  #fail(failure: Error): void {
    if (this.#failure) return;
    this.#failure = failure;
    for (const reject of this.#waiting) reject(failure);
  }
}

/** Memory is the machine's to have; whatever else a device refuses was asked of it wrongly. */
function failureOf(operation: string, error: GPUError): Error {
  if (error instanceof GPUOutOfMemoryError) return withAdvice(operation, error.message);
  return new Error(sentence(operation, error.message));
}

function withAdvice(operation: string, reason: string): UserError {
  return new UserError(
    `${sentence(operation, reason)}. Run the same command again, or use --backend onnx: finished work is kept`,
  );
}

function sentence(operation: string, reason: string): string {
  return `Cannot compute ${operation} on WebGPU: ${reason}`;
}
