import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { Access } from "../../../../../pipeline/studio/security/access.ts";

const PORT = 8642;
const access = new Access(PORT);
const own = `http://127.0.0.1:${PORT}`;

/** A request as a browser sends it that has the studio's cookie. */
function request(path: string, headers: Record<string, string> = {}, method = "GET"): Request {
  const given = { host: `127.0.0.1:${PORT}`, cookie: `other=1; ${access.cookieName}=${access.token}`, ...headers };
  return new Request(`${own}${path}`, { method, headers: given });
}

const statusOf = (asked: Request) => access.refusal(asked)?.status;

Deno.test("refusal() lets the studio's own pages ask, and whoever has the printed address", () => {
  assertEquals(statusOf(request("/")), undefined);
  assertEquals(statusOf(request("/", { host: `localhost:${PORT}` })), undefined);
  assertEquals(statusOf(request("/", { "sec-fetch-site": "same-origin" })), undefined);
  assertEquals(statusOf(request("/run/start", { origin: own, "sec-fetch-site": "same-origin" }, "POST")), undefined);
  assertEquals(statusOf(new Request(access.address, { headers: { host: `127.0.0.1:${PORT}` } })), undefined);
  assertMatch(access.cookie, /; Path=\/; HttpOnly; SameSite=Strict$/);
});

Deno.test("refusal() of another host: a name that was bound to this machine afterwards", () => {
  for (const host of ["evil.example", `evil.example:${PORT}`, "127.0.0.1", "127.0.0.1:1", "[::1]:8642", ""]) {
    assertEquals(statusOf(request("/", { host })), 403, host);
  }
});

Deno.test("refusal() of requests that another site's page is behind, cookie or not", () => {
  const foreign: [string, Record<string, string>, string][] = [
    ["/run/start", { origin: "https://evil.example" }, "POST"],
    ["/run/start", { origin: "null" }, "POST"],
    ["/run/start", {}, "POST"],
    ["/run/start", { origin: "http://127.0.0.1:9999" }, "POST"],
    ["/", { origin: "https://evil.example" }, "GET"],
    ["/photo/picture?set=train&id=a", { "sec-fetch-site": "cross-site" }, "GET"],
    ["/photo/picture?set=train&id=a", { "sec-fetch-site": "same-site" }, "GET"],
  ];
  for (const [path, headers, method] of foreign) assertEquals(statusOf(request(path, headers, method)), 403, path);
});

Deno.test("refusal() of whoever has neither the cookie nor the token", () => {
  assertEquals(statusOf(request("/", { cookie: "" })), 401);
  assertEquals(statusOf(request("/?token=", { cookie: "" })), 401);
  assertEquals(statusOf(request("/", { cookie: `studio_1=${access.token}` })), 401);
  fc.assert(fc.property(fc.string(), (guess) => {
    const asked = request(`/?token=${encodeURIComponent(guess)}`, { cookie: "" });
    assertEquals(statusOf(asked), guess === access.token ? undefined : 401);
  }));
});

Deno.test("two studios have neither token nor cookie in common", () => {
  const other = new Access(PORT + 1);
  assertEquals(other.token === access.token, false);
  assertEquals(other.cookieName === access.cookieName, false);
});
