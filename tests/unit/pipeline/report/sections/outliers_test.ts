import { assertEquals, assertStringIncludes } from "@std/assert";
import { unescape } from "@std/html/entities";
import { orderInWords } from "../../../../../pipeline/outliers/order_in_words.ts";
import { Outlier } from "../../../../../pipeline/outliers/outliers.ts";
import { parseReview } from "../../../../../pipeline/review/file/parse_review.ts";
import { REVIEW_FILE } from "../../../../../pipeline/review/file/review.ts";
import { outliers } from "../../../../../pipeline/report/sections/outliers.ts";
import { fakeReport } from "../fake_report.ts";

const DATA = fakeReport().outliers;

Deno.test("outliers() shows every verdict that rescan knows, in its words", () => {
  for (const verdict of Outlier.shape.verdict.options) {
    const { markup } = outliers({ ...DATA, photos: [{ ...DATA.photos[0], verdict }] });
    assertStringIncludes(markup, `<p class="verdict">${verdict}</p>`);
  }
});

Deno.test("outliers() gives the reason of an outlier", () => {
  const [first] = DATA.photos;
  assertStringIncludes(outliers({ ...DATA, photos: [{ ...first, reason: "no <cat>" }] }).markup, "no &lt;cat&gt;");
});

Deno.test("outliers() shows a review that can be followed as it stands, with keep, drop and relabel", () => {
  for (const photos of [DATA.photos, DATA.photos.slice(0, 1)]) {
    const [, shown] = /<pre><code>(.*?)<\/code>/s.exec(outliers({ ...DATA, photos }).markup) ?? ["", ""];
    const { review: { keep, drop, relabel } } = parseReview(REVIEW_FILE, unescape(shown));
    assertEquals([...keep, ...drop].length, Math.min(2, photos.length - 1));
    const [{ id, label }] = photos;
    assertEquals([...relabel], [[id, label === "cat" ? "dog" : "cat"]]);
  }
});

Deno.test("outliers() explains its order", () => {
  for (const predicted of ["in sample", "out of fold"] as const) {
    const order = orderInWords(predicted);
    assertStringIncludes(outliers({ ...DATA, order }).markup, order);
  }
  assertStringIncludes(orderInWords("out of fold"), "by the worst of loss, distance and window");
  assertEquals(orderInWords("in sample").includes("window"), false);
});
