import { randomBytes, timingSafeEqual } from "node:crypto";

/** Random bytes of a token: as many as nobody guesses. */
const TOKEN_BYTES = 32;

/** The parameter of the printed address that holds the token. */
export const TOKEN_PARAMETER = "token";

/** Requests that change nothing. */
const READING = ["GET", "HEAD"];

/** What is wrong with a request, for whoever sent it. */
export interface Refusal {
  readonly status: 400 | 401 | 403;
  readonly reason: string;
}

/** Who may use a server that listens on this machine alone: whoever has the address that it printed. */
export class Access {
  readonly token = randomBytes(TOKEN_BYTES).toString("hex");
  readonly #hosts: readonly string[];

  constructor(readonly port: number) {
    this.#hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  }

  /** The address to open. */
  get address(): string {
    return `http://${this.#hosts[0]}/?${TOKEN_PARAMETER}=${this.token}`;
  }

  /** Cookies do not know ports: two studios must not take each other's. */
  get cookieName(): string {
    return `studio_${this.port}`;
  }

  /** What is to be set once the token was seen. */
  get cookie(): string {
    return `${this.cookieName}=${this.token}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /**
   * Why a request must not be answered, if it must not: it came by another name than this machine's own (DNS rebinding),
   * from a page of somebody else's (cross-site requests), or without the token.
   */
  refusal(request: Request): Refusal | undefined {
    const { headers, method } = request;
    const host = headers.get("host") ?? "";
    if (!this.#hosts.includes(host)) return { status: 403, reason: "Another host was asked for." };
    const origin = headers.get("origin");
    const isOwn = origin === `http://${host}`;
    if (origin !== null && !isOwn) return { status: 403, reason: "A page of another origin has asked." };
    if (!READING.includes(method) && !isOwn) {
      return { status: 403, reason: "The request does not say where it is from." };
    }
    if (isForeign(headers) && !this.hasToken(request)) return { status: 403, reason: "Another site has asked." };
    return this.hasToken(request) || this.#hasCookie(headers)
      ? undefined
      : { status: 401, reason: "Open the address that deno task studio has printed: it lets you in." };
  }

  /** Whether the address itself holds the token. */
  hasToken({ url }: Pick<Request, "url">): boolean {
    return this.#isToken(new URL(url).searchParams.get(TOKEN_PARAMETER) ?? "");
  }

  #hasCookie(headers: Headers): boolean {
    const cookies = (headers.get("cookie") ?? "").split(";").map((cookie) => cookie.trim());
    return cookies.some((cookie) => {
      const [name, value = ""] = cookie.split("=", 2);
      return name === this.cookieName && this.#isToken(value);
    });
  }

  #isToken(given: string): boolean {
    const [a, b] = [given, this.token].map((text) => new TextEncoder().encode(text));
    return a.length === b.length && timingSafeEqual(a, b);
  }
}

/** Whether the browser says that another site's page is behind the request. */
function isForeign(headers: Headers): boolean {
  return !["same-origin", "none", null].includes(headers.get("sec-fetch-site"));
}
