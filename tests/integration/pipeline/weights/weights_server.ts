/** A part of a file or all of it, as a well-behaved server answers (RFC 9110, 14.2 and 13.1.5). */
export function answer(request: Request, content: Uint8Array<ArrayBuffer>, tag = '"one"'): Response {
  const range = request.headers.get("Range")?.match(/^bytes=(\d+)-$/);
  const headers = { "ETag": tag, "Content-Type": "application/octet-stream" };
  if (!range || request.headers.get("If-Range") !== tag) return new Response(content, { headers });
  const start = Number(range[1]);
  if (start >= content.length) {
    return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${content.length}` } });
  }
  const part = content.subarray(start);
  const contentRange = `bytes ${start}-${content.length - 1}/${content.length}`;
  return new Response(part, { status: 206, headers: { ...headers, "Content-Range": contentRange } });
}

/** The same answer, whose connection breaks after some bytes of the body. */
export async function broken(response: Response, after: number): Promise<Response> {
  const content = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  headers.set("Content-Length", String(content.length));
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (!sent) controller.enqueue(content.subarray(0, after));
      // What was sent has to leave before the connection breaks, or it is lost with it.
      else await new Promise((resolve) => setTimeout(resolve, 50)).then(() => controller.error(new Error("broken")));
      sent = true;
    },
  });
  return new Response(body, { status: response.status, headers });
}

/** The same answer, which sends some bytes of the body and then nothing more. */
export async function silent(response: Response, after: number): Promise<Response> {
  const content = new Uint8Array(await response.arrayBuffer());
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(content.subarray(0, after)),
  });
  return new Response(body, { status: response.status, headers: response.headers });
}

export interface Exchange {
  readonly path: string;
  readonly range: string | null;
  readonly status: number;
}

/** A server on this machine that answers with `respond` and notes what it was asked. */
export class WeightsServer implements AsyncDisposable {
  readonly exchanges: Exchange[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** @param respond gets the request and how many came before it. */
  constructor(respond: (request: Request, before: number) => Response | Promise<Response>) {
    const options = { hostname: "127.0.0.1", port: 0, onListen: () => {}, onError: () => new Response(null) };
    this.#server = Deno.serve(options, async (request) => {
      const response = await respond(request, this.exchanges.length);
      const { pathname } = new URL(request.url);
      this.exchanges.push({ path: pathname, range: request.headers.get("Range"), status: response.status });
      return response;
    });
  }

  get address(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
