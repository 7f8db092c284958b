import { UserError } from "../../../data/base/user_error.ts";

/** Within so many milliseconds the news of a lost device arrive. */
const LOSS_MILLISECONDS = 100;

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
      if (!this.#closed) this.#fail(lossOf(`${reason}: ${message}`));
    });
  }

  /**
   * Runs one operation and listens to what the device says about it.
   * @throws what `run` throws; what the device says is heard by `settle`.
   */
  watch<T>(operation: string, run: () => T): T {
    return this.#scoped(run, (scope) => this.#listen(operation, scope));
  }

  /**
   * Runs one operation that a device may well refuse, of which nothing else depends: a failure stays with it.
   * @returns what `run` gives; `undefined` where the device refused.
   * @throws Error when an operation failed that others depend on, or the device is lost.
   */
  async attempt<T>(run: () => T): Promise<T | undefined> {
    const scopes: Promise<GPUError | null>[] = [];
    const result = this.#scoped(run, (scope) => scopes.push(scope));
    const errors = await Promise.all(scopes).catch((error) => this.#throwLoss(error));
    const loss = errors.find((error) => error !== null && tellsOfLoss(error));
    if (loss) this.#fail(lossOf(loss.message));
    if (this.#failure) throw this.#failure;
    return errors.every((error) => error === null) ? result : undefined;
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
      return await this.#throwLoss(error);
    } finally {
      this.#waiting.delete(reject);
    }
  }

  /** Destroys the device. */
  close(): void {
    this.#closed = true;
    this.device.destroy();
  }

  /**
   * Runs one operation in error scopes of its own, and hands on what each will tell, also where it threw.
   * @throws the first failure, in place of running it; what `run` throws.
   */
  #scoped<T>(run: () => T, hear: (scope: Promise<GPUError | null>) => void): T {
    if (this.#failure) throw this.#failure;
    for (const filter of FILTERS) this.device.pushErrorScope(filter);
    try {
      return run();
    } finally {
      for (const _ of FILTERS) hear(this.device.popErrorScope());
    }
  }

  /**
   * @throws the failure behind what was thrown, or that itself. What waits for a lost device may hear of it first.
   */
  async #throwLoss(thrown: unknown): Promise<never> {
    if (!this.#failure) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, LOSS_MILLISECONDS);
      await Promise.race([this.device.lost, promise]);
      clearTimeout(timer);
    }
    throw this.#failure ?? thrown;
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

/** Memory is the machine's to have, and devices get lost; whatever else a device refuses was asked of it wrongly. */
function failureOf(operation: string, error: GPUError): Error {
  if (tellsOfLoss(error)) return lossOf(error.message);
  if (error instanceof GPUOutOfMemoryError) return new UserError(`${sentence(operation, error.message)}. ${ADVICE}`);
  return new Error(sentence(operation, error.message));
}

/** A lost device refuses whatever comes next, with this word in its reason. */
function tellsOfLoss({ message }: GPUError): boolean {
  return /\blost\b/i.test(message);
}

function lossOf(reason: string): UserError {
  return new UserError(
    `Cannot go on computing on WebGPU: expected the graphics device to stay, but the device was lost (${reason}), as ` +
      `happens when its driver starts anew. ${ADVICE}`,
  );
}

const ADVICE = "Run the same command again: it goes on where it was; or use --backend onnx";

function sentence(operation: string, reason: string): string {
  return `Cannot compute ${operation} on WebGPU: ${reason}`;
}
