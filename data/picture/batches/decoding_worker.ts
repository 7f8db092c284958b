/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * Decodes photos beside the main thread, which would spend more on calling the decoder and on making photos larger than
 * a GPU takes to compute. The memory for them is shared out there, for all workers.
 */
import { entryOf } from "../../base/entry_of.ts";
import { messageOf } from "../../base/message_of.ts";
import { PhotoError } from "../../photo_error.ts";
import { photoFacts } from "../facts/photo_facts.ts";
import { type DecodingMemory, SMALL_BYTES } from "../limits/decoding_memory.ts";
import type { DecodingAnswer, DecodingReply, DecodingRequest, PhotoQuestion } from "./decoding_messages.ts";
import { writeSquares } from "./photo_squares.ts";

/** A photo that waits for memory. */
interface Waiting {
  goOn(): void;
  readonly reply: Promise<DecodingReply>;
}

const waiting = new Map<number, Waiting>();

/** Replies are sent in the order of their requests. */
let sent: Promise<unknown> = Promise.resolve();

self.onmessage = ({ data: request }: MessageEvent<DecodingRequest>) => {
  const reply = request.kind === "go on" ? goOn(request.number) : begin(request.number, request);
  sent = sent.then(async () => self.postMessage(await reply));
};

/** Begins with a photo, for which as much memory is held as small pictures take. */
function begin(number: number, question: PhotoQuestion): Promise<DecodingReply> {
  return new Promise((resolve) => {
    const memory: DecodingMemory = {
      async hold(bytes, work) {
        if (bytes > SMALL_BYTES) {
          const free = Promise.withResolvers<void>();
          waiting.set(number, { goOn: free.resolve, reply });
          resolve(answered({ is: "larger", bytes }));
          await free.promise;
        }
        return await work();
      },
    };
    const reply = Promise.resolve().then(() => replyTo(question, memory));
    reply.then(resolve);
  });
}

function goOn(number: number): Promise<DecodingReply> {
  const { goOn, reply } = entryOf(waiting, number, "a photo that waits for memory");
  waiting.delete(number);
  goOn();
  return reply;
}

async function replyTo(question: PhotoQuestion, memory: DecodingMemory): Promise<DecodingReply> {
  try {
    const { photo } = question;
    if (question.kind === "facts") return answered({ is: "facts", facts: await photoFacts(photo, memory) });
    await writeSquares(photo, question.box, question.places, memory);
    return answered({ is: "written" });
  } catch (thrown) {
    if (thrown instanceof PhotoError) return answered({ is: "unreadable", reason: thrown.message });
    return answered({ is: "failed", error: thrown instanceof Error ? thrown : new Error(messageOf(thrown)) });
  }
}

function answered(answer: DecodingAnswer): DecodingReply {
  return { kind: "answered", answer };
}
