/** What a worker answers when it could not do what it was asked. */
export interface FailedReply {
  readonly kind: "failed";
  readonly message: string;
}

/**
 * Questions to a web worker and its answers, in order. A web worker and not Node's: a buffer in its transfer list changes
 * hands at once, while Deno copies what goes to Node's workers byte by byte.
 */
export class WorkerConversation<Request, Reply extends { readonly kind: string }> {
  readonly #worker: Worker;
  readonly #waiting: PromiseWithResolvers<Reply | FailedReply>[] = [];
  readonly #subject: string;
  #dead: Error | undefined;

  /**
   * @param module the worker's file.
   * @param subject what the worker computes and on what, for messages: `resnet50 on onnxruntime`.
   */
  constructor(module: URL, subject: string) {
    this.#subject = subject;
    this.#worker = new Worker(module, { type: "module", name: subject });
    this.#worker.onmessage = ({ data }: MessageEvent<Reply | FailedReply>) => this.#waiting.shift()?.resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#die(`its worker failed: ${event.message}`);
    };
  }

  /**
   * Asks; questions that overlap wait for each other.
   * @param verb what is asked for, for messages: `run`.
   * @param transferred buffers that go to the worker and are empty here afterwards.
   * @throws Error `Cannot run resnet50 on onnxruntime: ...` with the worker's reason.
   */
  async ask<Kind extends Reply["kind"]>(
    verb: string,
    request: Request,
    expected: Kind,
    transferred: Transferable[] = [],
  ): Promise<Extract<Reply, { readonly kind: Kind }>> {
    if (this.#dead) throw this.#dead;
    const answered = Promise.withResolvers<Reply | FailedReply>();
    this.#waiting.push(answered);
    this.#worker.postMessage(request, transferred);
    const reply = await answered.promise;
    if (isFailed(reply)) throw this.#error(verb, reply.message);
    if (isOfKind(reply, expected)) return reply;
    throw this.#error(verb, `expected "${expected}", got "${reply.kind}"`);
  }

  /** Whether a question waits for its answer. */
  get isBusy(): boolean {
    return this.#waiting.length > 0;
  }

  /** Stops the worker; questions that still wait fail. */
  close(): void {
    this.#worker.terminate();
    this.#die("it is closed");
  }

  #error(verb: string, reason: string): Error {
    return new Error(`Cannot ${verb} ${this.#subject}: ${reason}`);
  }

  #die(reason: string): void {
    this.#dead ??= this.#error("run", reason);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#dead);
  }
}

function isOfKind<Reply extends { readonly kind: string }, Kind extends string>(
  reply: Reply,
  kind: Kind,
): reply is Extract<Reply, { readonly kind: Kind }> {
  return reply.kind === kind;
}

function isFailed(reply: { readonly kind: string }): reply is FailedReply {
  return reply.kind === "failed";
}
