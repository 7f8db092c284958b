import { assertEquals } from "@std/assert";
import { html } from "../../../../../pipeline/report/html.ts";
import { changedParts } from "../../../../../pipeline/studio/pages/parts.ts";

Deno.test("changedParts() gives what is another than before, and all of it at first", () => {
  const parts = new Map([["a", html`<p>${"<1>"}</p>`], ["b", html`<p>2</p>`]]);
  const all = changedParts(parts, new Map());
  assertEquals([...all], [["a", "<p>&lt;1&gt;</p>"], ["b", "<p>2</p>"]]);
  assertEquals([...changedParts(parts, all)], []);
  assertEquals([...changedParts(new Map([...parts, ["b", html`<p>3</p>`]]), all)], [["b", "<p>3</p>"]]);
});
