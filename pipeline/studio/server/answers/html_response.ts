import type { Html } from "../../../report/html.ts";

/** A page, or a piece of one, as an answer. */
export function htmlResponse(content: Html, headers: Record<string, string> = {}): Response {
  return new Response(content.markup.trimStart(), {
    headers: { "Content-Type": "text/html; charset=utf-8", ...headers },
  });
}
