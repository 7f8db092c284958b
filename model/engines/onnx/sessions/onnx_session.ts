import type { Tensor } from "../../../tensor.ts";
import { WorkerConversation } from "../../../../data/base/worker_conversation.ts";
import type { OnnxTensor, SessionReply, SessionRequest } from "./session_messages.ts";

/**
 * An ONNX graph that onnxruntime runs on the CPU, in a worker of its own: decoding, progress and Ctrl-C go on beside it.
 */
export class OnnxSession {
  readonly #worker: WorkerConversation<SessionRequest, SessionReply>;
  #version = "of unknown version";

  private constructor(readonly name: string) {
    this.#worker = new WorkerConversation(new URL("./session_worker.ts", import.meta.url), `${name} on onnxruntime`);
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
      const { version } = await session.#worker.ask("load", { kind: "load", model, threads }, "loaded", [model.buffer]);
      session.#version = version;
      return session;
    } catch (error) {
      await session.close();
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
    const { outputs } = await this.#worker.ask("run", { kind: "run", inputs: copies }, "ran", transferred);
    return outputs;
  }

  /**
   * Stops the worker; runs that still wait fail. Where none does, onnxruntime first lets go of what it holds, the graph's
   * weights above all: that stays allocated when the worker is stopped. A worker that has failed holds nothing.
   */
  async close(): Promise<void> {
    if (!this.#worker.isBusy) await this.#worker.ask("close", { kind: "release" }, "released").catch(() => {});
    this.#worker.close();
  }
}
