import { WorkerConversation } from "../../base/worker_conversation.ts";
import { PhotoError } from "../../photo_error.ts";
import { type PhotoFacts, photoFacts } from "../facts/photo_facts.ts";
import { decodingMemory, SMALL_BYTES } from "../limits/decoding_memory.ts";
import type { DecodingAnswer, DecodingReply, DecodingRequest, PhotoQuestion } from "./decoding_messages.ts";
import { type PhotoBox, type SquarePlace, writeSquares } from "./photo_squares.ts";

/** So few photos are decoded on the thread that asks, sooner than a worker would have started. */
const FEW = 16;

const PATIENCE_MILLISECONDS = 10_000;

/** Cores for each worker: what it does itself is a quarter of what its calls to the decoder do on other threads. */
const CORES_FOR_EACH = 4;

/** How many workers a machine gets. */
export function workersFor(cores: number): number {
  return Math.ceil(cores / CORES_FOR_EACH);
}

/** A worker, and how many photos it has. */
interface DecodingWorker {
  readonly conversation: WorkerConversation<DecodingRequest, DecodingReply>;
  photos: number;
}

/**
 * Decodes photos in web workers, which start when there are more than a few and stop when they have long been idle or
 * this is disposed of. What all of them take together, and this thread besides, is bounded by `decodingMemory`.
 */
export class DecodingWorkers implements AsyncDisposable {
  #asked = 0;
  readonly #workers: DecodingWorker[] = [];
  readonly #underWay = new Set<Promise<unknown>>();
  #isClosed = false;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param most workers at a time
   * @param few photos that are decoded on this thread first
   * @param patience milliseconds for which workers wait for photos: they keep a program from ending, and whoever takes
   * no more of its batches may never say so. Later photos start others.
   */
  constructor(
    readonly most = workersFor(navigator.hardwareConcurrency),
    readonly few = FEW,
    readonly patience = PATIENCE_MILLISECONDS,
  ) {}

  /** The same as `photoFacts`. */
  async facts(photo: Uint8Array): Promise<PhotoFacts> {
    if (this.#asked++ < this.few) return await photoFacts(photo);
    const answer = await this.#ask({ kind: "facts", photo });
    if (answer.is !== "facts") throw new Error(`Cannot decode a photo: expected its facts, got "${answer.is}"`);
    return answer.facts;
  }

  /**
   * The same as `writeSquares`.
   * @param places in shared memory
   */
  async writeSquares(photo: Uint8Array, box: PhotoBox, places: readonly SquarePlace[]): Promise<void> {
    if (this.#asked++ < this.few) return await writeSquares(photo, box, places);
    await this.#ask({ kind: "squares", photo, box, places });
  }

  /** Waits for the photos under way, since a decoder cannot be stopped, and stops the workers for good. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay);
    clearTimeout(this.#idle);
    this.#stop();
  }

  #stop(): void {
    for (const { conversation } of this.#workers.splice(0)) conversation.close();
  }

  async #ask(question: PhotoQuestion): Promise<DecodingAnswer> {
    if (this.#isClosed) throw new Error("Cannot decode photos: the workers for it are closed");
    clearTimeout(this.#idle);
    const worker = this.#leastBusy();
    worker.photos++;
    const answered = this.#answered(worker, question);
    this.#underWay.add(answered);
    try {
      return await answered;
    } finally {
      this.#underWay.delete(answered);
      worker.photos--;
      if (this.#underWay.size === 0) this.#idle = setTimeout(() => this.#stop(), this.patience);
    }
  }

  /** @throws what decoding throws there: PhotoError when it is none, RangeError when its box does not lie inside it. */
  async #answered({ conversation }: DecodingWorker, question: PhotoQuestion): Promise<DecodingAnswer> {
    const number = this.#asked;
    const ask = async (request: DecodingRequest, transferred: Transferable[]) =>
      (await conversation.ask("decode", request, "answered", transferred)).answer;
    let answer = await decodingMemory.hold(SMALL_BYTES, () => {
      // The file may be part of more, which would go along.
      const photo = new Uint8Array(question.photo);
      return ask({ ...question, photo, number }, [photo.buffer]);
    });
    // Whoever waits for more holds nothing but the file: those that hold memory go on, and free it.
    if (answer.is === "larger") {
      answer = await decodingMemory.hold(answer.bytes, () => ask({ kind: "go on", number }, []));
    }
    if (answer.is === "unreadable") throw new PhotoError(answer.reason);
    if (answer.is === "failed") throw answer.error;
    return answer;
  }

  /** A worker that is idle, or one more, or who has the fewest photos. */
  #leastBusy(): DecodingWorker {
    const [first] = this.#workers.toSorted((a, b) => a.photos - b.photos);
    if (first && (first.photos === 0 || this.#workers.length === this.most)) return first;
    const conversation: DecodingWorker["conversation"] = new WorkerConversation(
      new URL("./decoding_worker.ts", import.meta.url),
      "photos",
    );
    const started = { conversation, photos: 0 };
    this.#workers.push(started);
    return started;
  }
}
