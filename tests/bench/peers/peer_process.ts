import { messageOf } from "../../../data/base/message_of.ts";
import { z } from "zod";

/** What a peer answers: what was asked for, or why not. */
const Reply = z.union([z.object({ error: z.string() }), z.object({ reply: z.unknown() })]);

/** Lines of a peer's standard error that are kept for the message when it dies. */
const LAST_LINES = 3;

/**
 * A program that answers questions, a line of JSON each: what it computes, and how long that took it. It runs apart so
 * that its death is an answer too, and so that its time is measured where it works.
 */
export class PeerProcess {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<string>;

  private constructor(readonly name: string, child: Deno.ChildProcess) {
    this.#child = child;
    this.#input = child.stdin.getWriter();
    this.#lines = linesOf(child.stdout);
    this.#ended = lastLines(child.stderr);
  }

  /** @throws Error when the program cannot be started. */
  static start(name: string, program: string, words: readonly string[], env: Record<string, string> = {}): PeerProcess {
    const command = new Deno.Command(program, {
      args: [...words],
      env,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    });
    try {
      return new PeerProcess(name, command.spawn());
    } catch (error) {
      throw new Error(`Cannot start ${name}: ${messageOf(error)}`);
    }
  }

  /**
   * Asks one question and waits for its answer.
   * @throws Error with the peer's reason, or with its last words when it has ended.
   */
  async ask<T>(question: Record<string, unknown>, schema: z.ZodType<T>): Promise<T> {
    const line = new TextEncoder().encode(`${JSON.stringify(question)}\n`);
    // A peer that has ended closes its side; that is told by the missing answer.
    await this.#input.write(line).catch(() => {});
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`Cannot go on with ${this.name}: it ended: ${await this.#ended || "without a word"}`);
    const reply = Reply.parse(JSON.parse(value));
    if ("error" in reply) throw new Error(`Cannot ${question.do} with ${this.name}: ${reply.error}`);
    return schema.parse(reply.reply);
  }

  /** Ends the program. */
  async close(): Promise<void> {
    await this.#input.close().catch(() => {});
    try {
      this.#child.kill();
    } catch {
      // It has ended already.
    }
    await this.#child.status;
    await this.#ended;
    await this.#lines.return?.();
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}

async function lastLines(stream: ReadableStream<Uint8Array>): Promise<string> {
  let last: string[] = [];
  for await (const line of linesOf(stream)) last = [...last, line].slice(-LAST_LINES);
  return last.join(" ");
}
