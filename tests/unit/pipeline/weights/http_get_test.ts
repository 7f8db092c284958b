import { assertEquals, assertRejects } from "@std/assert";
import { get } from "../../../../pipeline/weights/http_get.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";

/** What `get` answers where each address sends one on to the next. */
async function sentOn(addresses: readonly string[]): Promise<string> {
  const real = globalThis.fetch;
  const asked: string[] = [];
  globalThis.fetch = (address) => {
    asked.push(String(address));
    const next = addresses[asked.length];
    const answer = next === undefined
      ? new Response("content")
      : new Response(null, { status: 302, headers: { Location: next } });
    return Promise.resolve(answer);
  };
  try {
    const { signal } = new AbortController();
    const response = await get(addresses[0], { headers: {}, signal });
    assertEquals(asked, addresses);
    return await response.text();
  } finally {
    globalThis.fetch = real;
  }
}

Deno.test("get() fetches nothing in the open that was asked for in secret", async () => {
  assertEquals(await sentOn(["http://a.example/x", "https://b.example/x", "https://c.example/x"]), "content");
  for (const before of [[], ["https://a.example/0"]]) {
    const error = await assertRejects(
      () => sentOn([...before, "https://a.example/x", "http://a.example/x"]),
      UserError,
      "got a redirect from https to http",
    );
    assertEquals(error.message.includes("\n"), false);
  }
});
