import { setTimeout as delay } from "node:timers/promises";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { answer, broken, WeightsServer } from "./weights_server.ts";
import { Folder, NAMES, PATIENCE, RESNET50, tinyManifest } from "./weights_target.ts";

const UNKNOWN_LENGTH = tinyManifest({ sha256: false });
const LIMIT = { maximumBytes: 2_000_000 };

/** A mirror that costs the user an error of one line, and the disk nothing. */
async function assertRefused(mirror: string, message: string, options = {}): Promise<void> {
  await using folder = await Folder.with(UNKNOWN_LENGTH);
  const error = await assertRejects(() => folder.fetch({ mirror, ...LIMIT, ...options }), UserError, message);
  assert(error.message.length < 400 && !error.message.includes("\n"), error.message);
  assertEquals(await folder.names(), [NAMES[1]]);
}

function endless(): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(100_000)) });
}

/** A mirror that says just this, whatever it is asked. */
function rawServer(head: string, body: Uint8Array): AsyncDisposable & { readonly address: string } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const talk = async (connection: Deno.Conn) => {
    using open = connection;
    await open.read(new Uint8Array(4096));
    for (const part of [new TextEncoder().encode(head), body]) {
      for (let at = 0; at < part.length;) at += await open.write(part.subarray(at));
    }
  };
  const talks: Promise<void>[] = [];
  const accepting = (async () => {
    // The client may hang up at any moment.
    for await (const connection of listener) talks.push(talk(connection).catch(() => {}));
  })();
  return {
    address: `http://127.0.0.1:${listener.addr.port}`,
    async [Symbol.asyncDispose]() {
      listener.close();
      await accepting;
      await Promise.all(talks);
    },
  };
}

Deno.test("fetchWeights() gives a mirror up that sends a byte now and then", async () => {
  await using server = new WeightsServer(() => {
    const body = new ReadableStream<Uint8Array>({
      pull: async (stream) => {
        await delay(20);
        stream.enqueue(Uint8Array.of(1));
      },
    });
    return new Response(body, { headers: { ETag: '"one"' } });
  });
  await using folder = await Folder.with(UNKNOWN_LENGTH);
  const patience = { ...PATIENCE, stall: 60_000, leastBytes: 1000, window: 200 };
  await assertRejects(
    () => folder.fetch({ mirror: server.address, patience }),
    UserError,
    "the server is too slow (fewer than 1000 bytes in 0.2 s) (3 times in a row)",
  );
});

Deno.test("fetchWeights() gives a mirror up that breaks off after every byte", async () => {
  await using server = new WeightsServer((request, before) => broken(answer(request, RESNET50), before + 1));
  await using folder = await Folder.with();
  const patience = { ...PATIENCE, leastBytes: 1000 };
  await assertRejects(() => folder.fetch({ mirror: server.address, patience }), UserError, "(3 times in a row)");
  assertEquals(server.exchanges.length, 3);
});

Deno.test("fetchWeights() follows redirects within reason", async () => {
  await using server = new WeightsServer((request, before) =>
    before < 10
      ? new Response("moved", { status: [301, 302, 303, 307, 308][before % 5], headers: { Location: `/at/${before}` } })
      : answer(request, RESNET50)
  );
  await using folder = await Folder.with();
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
});

const REDIRECTS: [what: string, location: (before: number) => string, message: string, requests: number][] = [
  ["in a circle of one", () => "", "got redirects in a circle (of 1)", 1],
  ["in a circle of three", (before) => `/${before % 3}`, "got redirects in a circle (of 4)", 4],
  ["without end", (before) => `/${before}`, "got more than 10 redirects", 11],
  ["to a file of this machine", () => "file:///etc/hostname", "got a redirect to file:, which is no server", 1],
  ["to data", () => "data:application/octet-stream,abc", "got a redirect to data:, which is no server", 1],
  ["to nowhere", () => "http://[", "got a redirect to what is no address", 1],
];

for (const [what, location, message, requests] of REDIRECTS) {
  Deno.test(`fetchWeights() refuses redirects ${what}, at once`, async () => {
    await using server = new WeightsServer((_, before) =>
      new Response("moved", { status: 302, headers: { Location: location(before) } })
    );
    await assertRefused(server.address, message);
    assertEquals(server.exchanges.length, requests);
  });
}

Deno.test("fetchWeights() bounds endless bodies where nobody knows a length", async () => {
  await using server = new WeightsServer(() => new Response(endless()));
  await assertRefused(server.address, "expected at most 2000000 bytes, got more");
});

Deno.test("fetchWeights() never unfolds a compressed body", async () => {
  const zeros = new Blob([new Uint8Array(10_000_000)]).stream().pipeThrough(new CompressionStream("gzip"));
  const bomb = await new Response(zeros).arrayBuffer();
  assert(bomb.byteLength < 20_000);
  await using server = new WeightsServer(() => new Response(bomb, { headers: { "Content-Encoding": "gzip" } }));
  await assertRefused(server.address, `expected a header of at most ${bomb.byteLength - 8} bytes`);
});

Deno.test("fetchWeights() refuses a body whose length is a lie", async () => {
  const head = (length: string) => `HTTP/1.1 200 OK\r\n${length}\r\nConnection: close\r\n\r\n`;
  await using shorter = rawServer(head("Content-Length: 1000"), RESNET50);
  await assertRefused(shorter.address, "Cannot use resnet50.tv_in1k.safetensors as it came");
  await using huge = rawServer(head("Content-Length: 1000000000000000000"), RESNET50);
  await assertRefused(huge.address, "expected at most 2000000 bytes, got more");
  await using none = rawServer("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", new Uint8Array(2_000_001));
  await assertRefused(none.address, "expected at most 2000000 bytes, got more");
});

Deno.test("fetchWeights() goes on as long as a mirror promised more than it sent", async () => {
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\nConnection: close\r\n\r\n";
  await using longer = rawServer(head, RESNET50);
  await using folder = await Folder.with(UNKNOWN_LENGTH);
  await assertRejects(() => folder.fetch({ mirror: longer.address, ...LIMIT }), UserError, "times in a row");
});

Deno.test("fetchWeights() takes mirrors on the web alone", async () => {
  await using folder = await Folder.with();
  for (const mirror of ["file:///etc", "data:,abc", "ftp://127.0.0.1"]) {
    await assertRejects(() => folder.fetch({ mirror }), UserError, "expected the address of a server");
  }
});
