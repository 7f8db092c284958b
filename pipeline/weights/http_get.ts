import { messageOf, UserError } from "../files/user_error.ts";

/** Something that may pass: the connection broke, or the server is busy. */
export class TemporaryFailure extends Error {}

/** The statuses by which a server sends one on (RFC 9110, 15.4). */
const REDIRECTS = [301, 302, 303, 307, 308];
const MOST_REDIRECTS = 10;
const ELSEWHERE = "Give --mirror URL or --from DIR";

/**
 * Asks for an address and follows where the server sends one, within reason: other schemes would reach files of this
 * machine, and what was asked for in secret is not fetched in the open.
 * @throws TemporaryFailure when the connection fails, UserError when the way leads nowhere.
 */
export async function get(address: string, init: { headers: HeadersInit; signal: AbortSignal }): Promise<Response> {
  const fail = (got: string) => new UserError(`Cannot download ${address}: expected a file, got ${got}. ${ELSEWHERE}`);
  const seen = new Set<string>();
  let url = new URL(address);
  while (true) {
    seen.add(url.href);
    const response = await network(fetch(url, { ...init, redirect: "manual" }));
    const location = REDIRECTS.includes(response.status) ? response.headers.get("Location") : null;
    if (location === null) return response;
    await response.body?.cancel();
    if (!URL.canParse(location, url.href)) throw fail("a redirect to what is no address");
    const next = new URL(location, url);
    if (!isWeb(next)) throw fail(`a redirect to ${next.protocol}, which is no server`);
    if (url.protocol === "https:" && next.protocol === "http:") throw fail("a redirect from https to http");
    if (seen.has(next.href)) throw fail(`redirects in a circle (of ${seen.size})`);
    if (seen.size > MOST_REDIRECTS) throw fail(`more than ${MOST_REDIRECTS} redirects`);
    url = next;
  }
}

/** Whether a server answers under such addresses. */
export function isWeb({ protocol }: URL): boolean {
  return protocol === "https:" || protocol === "http:";
}

/** Failures of the network may pass; what else fails here, the disk for one, does not. */
export async function network<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (thrown) {
    throw new TemporaryFailure(messageOf(thrown));
  }
}
