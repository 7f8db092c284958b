import type { Tensor } from "../../tensor.ts";
import type { OnnxTensor, SessionReply, SessionRequest } from "./session_messages.ts";

interface Waiting {
  readonly resolve: (reply: SessionReply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * An ONNX graph that onnxruntime runs on the CPU, in a worker of its own: decoding, progress and Ctrl-C go on beside it.
 */
export class OnnxSession {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #dead: Error | undefined;
  #version = "of unknown version";

  private constructor(readonly name: string) {
    this.#worker = new Worker(new URL("./session_worker.ts", import.meta.url), { type: "module", name });
    this.#worker.onmessage = ({ data }: MessageEvent<SessionReply>) => this.#waiting.shift()?.resolve(data);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#die(`its worker failed: ${event.message}`);
    };
  }

  /**
   * Starts a worker and loads a graph.
   * @param name what the graph computes, for messages.
   * @param model an ONNX file; its buffer goes to the worker and is empty afterwards.
   * @param threads how many cores a run uses.
   * @throws Error when onnxruntime has no binary for this platform, or refuses the graph.
   */
  static async create(name: string, model: Uint8Array<ArrayBuffer>, threads: number): Promise<OnnxSession> {
    const session = new OnnxSession(name);
    try {
      const reply = await session.#ask("load", { kind: "load", model, threads }, [model.buffer]);
      if (reply.kind === "loaded") session.#version = reply.version;
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** onnxruntime's version. */
  get version(): string {
    return this.#version;
  }

  /**
   * Runs the graph once; calls that overlap wait for each other. The inputs are copied.
   * @returns every output, by name.
   * @throws Error that names the graph, with onnxruntime's reason (which names the node).
   */
  async run(inputs: ReadonlyMap<string, OnnxTensor>): Promise<Map<string, Tensor>> {
    const copies = new Map<string, OnnxTensor>();
    const transferred: ArrayBuffer[] = [];
    for (const [name, { shape, data }] of inputs) {
      const copy = data.slice();
      copies.set(name, { shape, data: copy });
      transferred.push(copy.buffer);
    }
    const reply = await this.#ask("run", { kind: "run", inputs: copies }, transferred);
    if (reply.kind !== "ran") throw this.#error("run", `expected its outputs, got "${reply.kind}"`);
    return reply.outputs;
  }

  /** Stops the worker; runs that still wait fail. */
  close(): void {
    this.#worker.terminate();
    this.#die("it is closed");
  }

  async #ask(verb: string, request: SessionRequest, transferred: ArrayBuffer[]): Promise<SessionReply> {
    if (this.#dead) throw this.#dead;
    const answered = new Promise<SessionReply>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    this.#worker.postMessage(request, transferred);
    const reply = await answered;
    if (reply.kind === "failed") throw this.#error(verb, reply.message);
    return reply;
  }

  #error(verb: string, reason: string): Error {
    return new Error(`Cannot ${verb} ${this.name} on onnxruntime: ${reason}`);
  }

  #die(reason: string): void {
    this.#dead ??= this.#error("run", reason);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#dead);
  }
}
