import { assertEquals, assertStringIncludes } from "@std/assert";
import { orderInWords } from "../../../../../pipeline/outliers/order_in_words.ts";
import { Outlier } from "../../../../../pipeline/outliers/outliers.ts";
import { outliers } from "../../../../../pipeline/report/sections/outliers.ts";
import { fakeReport } from "../fake_report.ts";

const DATA = fakeReport().outliers;

Deno.test("outliers() shows every verdict that rescan knows, in its words", () => {
  for (const verdict of Outlier.shape.verdict.options) {
    const { markup } = outliers({ ...DATA, photos: [{ ...DATA.photos[0], verdict }] });
    assertStringIncludes(markup, `<p class="verdict">${verdict}</p>`);
  }
});

Deno.test("outliers() gives the reason of an outlier, and none to one that the review alone drops", () => {
  const [first] = DATA.photos;
  assertStringIncludes(outliers({ ...DATA, photos: [{ ...first, reason: "no <cat>" }] }).markup, "no &lt;cat&gt;");
  assertEquals(outliers({ ...DATA, photos: [{ ...first, reason: null }] }).markup.includes("null"), false);
});

Deno.test("outliers() explains its order", () => {
  for (const predicted of ["in sample", "out of fold"] as const) {
    const order = orderInWords(predicted);
    assertStringIncludes(outliers({ ...DATA, order }).markup, order);
  }
  assertStringIncludes(orderInWords("out of fold"), "by loss, distance and window in turn");
  assertEquals(orderInWords("in sample").includes("window"), false);
});
