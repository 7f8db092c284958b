import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, run } from "../command_line.ts";
import { end, openStudio, type StudioProcess, withStudio } from "./studio_process.ts";

type Address = Pick<StudioProcess, "address">;

/** Sends a request that no browser would send: its headers are written by hand, and nothing follows them. */
async function sent({ address }: Address, line: string, headers: Record<string, string>): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(address).port) });
  const all = { connection: "close", "content-length": "0", ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  await connection.write(new TextEncoder().encode(`${line} HTTP/1.1\r\n${head}\r\n`));
  return connection;
}

/** All that came back for such a request. */
async function asked(studio: Address, line: string, headers: Record<string, string>) {
  using connection = await sent(studio, line, headers);
  const text = await new Response(connection.readable).text();
  return { status: Number(text.split(" ")[1]), text };
}

/** The answer's status, where the request says that it is longer than it is and the connection stays open for more. */
async function firstStatus(studio: Address, line: string, headers: Record<string, string>): Promise<number> {
  using connection = await sent(studio, line, headers);
  const bytes = new Uint8Array(100);
  await connection.read(bytes);
  return Number(new TextDecoder().decode(bytes).split(" ")[1]);
}

Deno.test("a studio answers its own pages alone: by its address, from its own origin, with the cookie of its token", () =>
  inFolder(async (folder) => {
    await withStudio(folder, ["--run", "run"], async (studio) => {
      const { host, origin, search } = new URL(studio.address);
      const entered = await asked(studio, `GET /${search}`, { host });
      assertEquals(entered.status, 200);
      assertMatch(entered.text, /set-cookie: \S+; Path=\/; HttpOnly; SameSite=Strict/i);
      const cookie = /set-cookie: ([^;]+)/i.exec(entered.text)?.[1] ?? "";

      const page = await asked(studio, "GET /", { host, cookie });
      assertEquals(page.status, 200);
      assertStringIncludes(page.text, "<h1>Run</h1>");
      assertMatch(page.text, /content-security-policy: default-src 'none'; script-src 'self'; style-src 'self'/i);
      assertMatch(page.text, /x-content-type-options: nosniff/i);

      const statusOf = async (line: string, headers: Record<string, string>) =>
        (await asked(studio, line, headers)).status;
      assertEquals(await statusOf("GET /", { host }), 401);
      assertEquals(await statusOf(`GET /?token=${"0".repeat(64)}`, { host }), 401);
      assertEquals(await statusOf("GET /", { host: "evil.example", cookie }), 403);
      assertEquals(await statusOf(`GET /${search}`, { host: `evil.example:${new URL(origin).port}` }), 403);
      assertEquals(await statusOf("POST /run/start", { host, cookie, origin: "https://evil.example" }), 403);
      assertEquals(await statusOf("POST /run/start", { host, cookie, origin: "null" }), 403);
      assertEquals(await statusOf("POST /run/start", { host, cookie }), 403);
      assertEquals(await statusOf("GET /", { host, cookie, "sec-fetch-site": "cross-site" }), 403);
    });
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), [], "nobody may have started a run");
  }));

Deno.test("a studio serves no file by its path, and takes no more than a picture may have", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/secret.jpg`, "secret");
    await withStudio(folder, ["--run", "run"], async (studio) => {
      const { host, search } = new URL(studio.address);
      const entered = await asked(studio, `GET /${search}`, { host });
      const cookie = /set-cookie: ([^;]+)/i.exec(entered.text)?.[1] ?? "";
      const paths = [
        "/../secret.jpg",
        "/%2e%2e/secret.jpg",
        "/assets/..%2f..%2fsecret.jpg",
        "/assets/../client/deno.json",
        "/assets/deno.json",
        "/assets/__proto__",
        "/photo/picture?set=train&id=../secret.jpg",
        `/photo/picture?set=train&id=${encodeURIComponent(`${folder}/secret.jpg`)}`,
        "/photo/thumbnail?set=../..&id=secret.jpg",
      ];
      const large = { host, cookie, origin: `http://${host}`, "content-length": String(200 * 2 ** 20) };
      for (const path of ["/try", "/review/decide"]) {
        assertEquals(await firstStatus(studio, `POST ${path}`, large), 413);
      }
      for (const path of paths) assertEquals((await asked(studio, `GET ${path}`, { host, cookie })).status, 404, path);
    });
  }));

Deno.test("a studio says what it cannot open", () =>
  inFolder(async (folder) => {
    using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr;
    const { code, stderr } = await run(["studio", "--port", String(port)], folder);
    assertEquals(code, 1);
    assertMatch(stderr, /^error: Cannot open the studio: expected port \d+ to be free, got one that is in use\. .*\n$/);
    const wrong = await run(["studio", "--port", "http"], folder);
    assertMatch(wrong.stderr, /^error: Cannot use --port http: expected a whole number, 1 to 65535\n$/);
    const recipe = await run(["studio", "--recipe", "magic"], folder);
    assertMatch(recipe.stderr, /^error: Cannot use --recipe magic: /);
  }));

// It ended with status 0 and no word, and where its address could not be printed it never ended.
Deno.test("a studio ends as every command does: stopped by signals, and when nobody can be told its address", () =>
  inFolder(async (folder) => {
    for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
      const studio = await openStudio(folder, ["--run", "run"]);
      end(studio, signal);
      const { code } = await studio.process.status;
      const said = await studio.said;
      assertEquals(code, status, said);
      assertMatch(said, /^Stopped\. .*\n$/);
    }
    const { stdout, stderr, status } = command(["studio", "--run", "run"], folder).spawn();
    await stdout.cancel();
    assertMatch(await new Response(stderr).text(), /^error: Cannot print the whole result: .*got a closed pipe\n$/);
    assertEquals((await status).code, 141);
  }));
