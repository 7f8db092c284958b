import { escape } from "@std/html/entities";
import { visible } from "../terminal/visible.ts";

/** Text that is markup already, and is not escaped again. */
export class Html {
  constructor(readonly markup: string) {}
  toString(): string {
    return this.markup;
  }
}

/** What may stand in a template: text (its control characters shown) and numbers are escaped, markup is not. */
export type HtmlPart = Html | string | number | readonly Html[];

/** Nothing, for a part of a template that is left out. */
export const nothing = new Html("");

/**
 * Template tag: `` html`<td>${fileName}</td>` `` escapes whatever is not markup. Attribute values have to be quoted in
 * the template.
 */
export function html(texts: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  let markup = texts[0];
  parts.forEach((part, index) => {
    markup += markupOf(part) + texts[index + 1];
  });
  return new Html(markup);
}

function markupOf(part: HtmlPart): string {
  if (part instanceof Html) return part.markup;
  if (typeof part === "string" || typeof part === "number") return escape(visible(String(part)));
  return part.map((item) => item.markup).join("");
}
