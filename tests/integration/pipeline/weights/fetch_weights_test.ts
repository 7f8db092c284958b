import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { sha256 } from "../../../../pipeline/files/hashing.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { answer, broken, silent, WeightsServer } from "./weights_server.ts";
import {
  Folder,
  INCEPTION_V3,
  NAMES,
  PATHS,
  PATIENCE,
  RESNET50,
  TAG,
  tinyManifest,
  UNFINISHED,
} from "./weights_target.ts";

Deno.test("fetchWeights() downloads a set through a mirror, and once only", async () => {
  await using server = new WeightsServer((request) =>
    answer(request, request.url.includes("resnet50") ? RESNET50 : INCEPTION_V3)
  );
  await using folder = await Folder.with();
  await Deno.remove(join(folder.path, "full"), { recursive: true });
  const mirror = `${server.address}/mirror/`;
  assertEquals(await folder.fetch({ mirror }), join(folder.path, "full"));
  await folder.assertComplete();
  assertEquals(server.exchanges.map(({ path }) => path), PATHS.map((path) => `/mirror${path}`));
  await folder.fetch({ mirror });
  assertEquals(server.exchanges.length, 2);
  assertStringIncludes(folder.text, `${NAMES[0]} is there and right`);
});

Deno.test("fetchWeights() goes on where connections broke", async () => {
  const third = Math.ceil(RESNET50.length / 3);
  await using server = new WeightsServer((request) => broken(answer(request, RESNET50), third));
  await using folder = await Folder.with();
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
  assertEquals(server.exchanges.map(({ status }) => status), [200, 206, 206]);
  assertEquals(server.exchanges.map(({ range }) => range), [null, `bytes=${third}-`, `bytes=${2 * third}-`]);
});

Deno.test("fetchWeights() goes on in another process after Ctrl-C", async () => {
  const stop = new AbortController();
  await using server = new WeightsServer((request, before) => {
    if (before > 0) return answer(request, RESNET50);
    setTimeout(() => stop.abort(new Error("stopped by Ctrl-C")), 200);
    return silent(answer(request, RESNET50), 100_000);
  });
  await using folder = await Folder.with();
  await assertRejects(() => folder.fetch({ mirror: server.address, signal: stop.signal }), Error, "stopped by Ctrl-C");
  assertEquals(await folder.names(), [...NAMES.slice(1), UNFINISHED, TAG]);
  assertEquals((await Deno.stat(join(folder.path, "full", UNFINISHED))).size, 100_000);
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
  assertEquals(server.exchanges[1], { path: PATHS[0], range: "bytes=100000-", status: 206 });
});

Deno.test("fetchWeights() uses bytes that were all there when the process ended", async () => {
  await using server = new WeightsServer((request) => answer(request, RESNET50));
  await using folder = await Folder.with(tinyManifest(), {
    [UNFINISHED]: RESNET50,
    [TAG]: new TextEncoder().encode('"one"'),
  });
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
  assertEquals(server.exchanges.map(({ status }) => status), [416]);
});

Deno.test("fetchWeights() starts again when the server does not know ranges", async () => {
  await using server = new WeightsServer((_, before) => {
    const whole = new Response(RESNET50, { headers: { ETag: '"one"' } });
    return before === 0 ? broken(whole, 500_000) : whole;
  });
  await using folder = await Folder.with();
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
  assertEquals(server.exchanges.map(({ range }) => range), [null, "bytes=500000-"]);
});

Deno.test("fetchWeights() starts again when the file has changed meanwhile", async () => {
  const other = RESNET50.toReversed();
  await using server = new WeightsServer((request, before) =>
    before === 0 ? broken(answer(request, other, '"old"'), 500_000) : answer(request, RESNET50, '"new"')
  );
  await using folder = await Folder.with();
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
});

Deno.test("fetchWeights() does not go on without a strong entity tag", async () => {
  await using server = new WeightsServer((request, before) => {
    const response = answer(request, RESNET50, 'W/"weak"');
    return before === 0 ? broken(response, 500_000) : response;
  });
  await using folder = await Folder.with();
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
  assertEquals(server.exchanges.map(({ range }) => range), [null, null]);
});

Deno.test("fetchWeights() starts again when the server sends another part than asked", async () => {
  const headers = { "Content-Range": `bytes 0-9/${RESNET50.length}` };
  await using server = new WeightsServer((request, before) => {
    if (before === 0) return broken(answer(request, RESNET50), 500_000);
    return before === 1 ? new Response("0123456789", { status: 206, headers }) : answer(request, RESNET50);
  });
  await using folder = await Folder.with();
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
  assertEquals(server.exchanges.at(-1)?.range, null);
});

Deno.test("fetchWeights() tries a busy or silent server again", async () => {
  await using server = new WeightsServer((request, before) => {
    if (before === 0) return new Response("busy", { status: 503 });
    return before === 1 ? silent(answer(request, RESNET50), 500_000) : answer(request, RESNET50);
  });
  await using folder = await Folder.with();
  await folder.fetch({ mirror: server.address, patience: { ...PATIENCE, stall: 150 } });
  await folder.assertComplete();
  assertStringIncludes(folder.text, "the server answered 503: trying again");
  assertStringIncludes(folder.text, "the server fell silent: trying again");
  assertEquals(server.exchanges.at(-1)?.range, "bytes=500000-");
});

Deno.test("fetchWeights() gives up after failures in a row, and says how to go on", async () => {
  await using server = new WeightsServer(() => new Response("busy", { status: 503 }));
  await using folder = await Folder.with();
  const fetched = () => folder.fetch({ mirror: server.address });
  const error = await assertRejects(fetched, UserError, "the server answered 503 (3 times in a row)");
  assertStringIncludes(error.message, "Run the same command again");
  assertEquals(server.exchanges.length, 3);
});

const changed = RESNET50.slice();
changed[changed.length - 5] ^= 1;
const notFinite = RESNET50.slice();
notFinite.fill(0xff, notFinite.length - 64);

const LIES: [what: string, content: Uint8Array<ArrayBuffer>, known: { sha256: boolean }, message: string][] = [
  ["one wrong bit", changed, { sha256: true }, "expected sha256"],
  ["a file cut short", RESNET50.slice(0, 700_000), { sha256: true }, "expected sha256"],
  ["a file cut short and no known hash", RESNET50.slice(0, 700_000), { sha256: false }, "as its header says"],
  ["values that are not finite and no known hash", notFinite, { sha256: false }, "not finite"],
  ["the other backbone and no known hash", INCEPTION_V3, { sha256: false }, "265 missing"],
  ["an empty file", new Uint8Array(0), { sha256: false }, "expected at least 8 bytes, got 0"],
];

for (const [what, content, known, message] of LIES) {
  Deno.test(`fetchWeights() refuses and deletes ${what}`, async () => {
    await using server = new WeightsServer((request) => answer(request, content));
    await using folder = await Folder.with(tinyManifest(known));
    const error = await assertRejects(() => folder.fetch({ mirror: server.address }), UserError, message);
    assertStringIncludes(error.message, "Cannot use resnet50.tv_in1k.safetensors as it came");
    assertEquals(await folder.names(), [NAMES[1]]);
  });
}

Deno.test("fetchWeights() refuses what is no file without writing it", async () => {
  const page = () => new Response("<html>Log in</html>", { headers: { "Content-Type": "text/html; charset=utf-8" } });
  const answers: [() => Response, string][] = [
    [page, "got a web page"],
    [() => new Response("no", { status: 404 }), "expected a file, got status 404"],
    [() => new Response("no", { status: 401 }), "expected a file, got status 401"],
  ];
  for (const [respond, message] of answers) {
    await using server = new WeightsServer(respond);
    await using folder = await Folder.with();
    await assertRejects(() => folder.fetch({ mirror: server.address }), UserError, message);
    assertEquals([server.exchanges.length, await folder.names()], [1, [NAMES[1]]]);
  }
});

Deno.test("fetchWeights() stops at the length that the manifest knows", async () => {
  const manifest = tinyManifest();
  manifest.sets.full.files[0].bytes = 1_000_000;
  const endless = () => new Response(new ReadableStream({ pull: (stream) => stream.enqueue(new Uint8Array(100_000)) }));
  for (const respond of [endless, (request: Request) => answer(request, RESNET50)]) {
    await using server = new WeightsServer(respond);
    await using folder = await Folder.with(manifest);
    await assertRejects(
      () => folder.fetch({ mirror: server.address }),
      UserError,
      "expected at most 1000000 bytes, got more",
    );
  }
});

Deno.test("fetchWeights() leaves another file of that name as it is, and says what to do", async () => {
  await using server = new WeightsServer((request) => answer(request, RESNET50));
  await using folder = await Folder.with(tinyManifest(), { [NAMES[0]]: changed });
  const error = await assertRejects(
    () => folder.fetch({ mirror: server.address }),
    UserError,
    "is another file (expected",
  );
  assertStringIncludes(error.message, "Move it away or delete it");
  assertEquals(await Deno.readFile(join(folder.path, "full", NAMES[0])), changed);
  assertEquals([server.exchanges.length, await folder.names()], [0, NAMES.toSorted()]);
});

Deno.test("fetchWeights() prints the hash of a file whose hash nobody listed", async () => {
  await using server = new WeightsServer((request) => answer(request, RESNET50));
  await using folder = await Folder.with(tinyManifest({ sha256: false }));
  await folder.fetch({ mirror: server.address });
  assertStringIncludes(folder.text, `the manifest lists no sha256 to compare; this one is ${sha256(RESNET50)}`);
});

Deno.test("fetchWeights() takes files from a folder, by their names or as repositories lay them out", async () => {
  for (const name of [NAMES[0], "resnet50.tv_in1k/model.safetensors"]) {
    await using source = await Folder.with(tinyManifest(), { [name]: RESNET50 });
    await using folder = await Folder.with();
    await folder.fetch({ from: join(source.path, "full") });
    await folder.assertComplete();
  }
});

Deno.test("fetchWeights() checks files from a folder too, and leaves them alone", async () => {
  await using source = await Folder.with(tinyManifest(), { [NAMES[0]]: changed });
  await using folder = await Folder.with();
  await assertRejects(() => folder.fetch({ from: join(source.path, "full") }), UserError, "expected sha256");
  assertEquals(await folder.names(), [NAMES[1]]);
  assert((await source.names()).includes(NAMES[0]));
  await assertRejects(() => folder.fetch({ from: source.path }), UserError, "Cannot copy resnet50.tv_in1k.safetensors");
});

Deno.test("fetchWeights() refuses unknown sets and contradictory options", async () => {
  await using folder = await Folder.with();
  await assertRejects(() => folder.fetch({ set: "ful" }), UserError, "expected one of full, got ful");
  await assertRejects(
    () => folder.fetch({ from: "a", mirror: "b" }),
    UserError,
    "expected --mirror or --from, got both",
  );
  await assertRejects(() => folder.fetch({ mirror: "not an address" }), UserError, "expected the address");
});
