import { assertEquals } from "@std/assert";
import { html, nothing } from "../../../../pipeline/report/html.ts";

Deno.test("html() escapes text, in attributes as well", () => {
  const id = `<b>"&'.jpg`;
  assertEquals(
    html`<p title="${id}">${id}</p>`.markup,
    `<p title="&lt;b&gt;&quot;&amp;&#39;.jpg">&lt;b&gt;&quot;&amp;&#39;.jpg</p>`,
  );
});

Deno.test("html() takes markup as it is, lists of it and nothing", () => {
  const items = ["a<", "b"].map((item) => html`<li>${item}</li>`);
  assertEquals(html`<ul>${items}</ul>${nothing}${3}`.markup, "<ul><li>a&lt;</li><li>b</li></ul>3");
});

Deno.test("html() shows characters of a name that would end or turn a line", () => {
  assertEquals(html`<p>${"a\n\u202egpj.txt"}</p>`.markup, "<p>a\\n\\u202egpj.txt</p>");
});
