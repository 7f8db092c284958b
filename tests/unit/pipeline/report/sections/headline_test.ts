import { assertEquals, assertStringIncludes } from "@std/assert";
import { headline } from "../../../../../pipeline/report/sections/headline.ts";
import { emptyReport, fakeReport } from "../fake_report.ts";

Deno.test("headline() shows the intervals beside accuracy and log loss, and the loss as it was submitted", () => {
  const { markup } = headline(fakeReport());
  assertStringIncludes(markup, "592 of 604 validation photos; 95% interval 96.7% to 99%");
  assertStringIncludes(markup, "<strong>0.0871</strong>");
  assertStringIncludes(markup, "95% interval 0.0613 to 0.1184; 0.0802 clipped at 0.005 as submitted");
});

Deno.test("headline() says so where nothing validates, and speaks of no clip where there is none", () => {
  assertStringIncludes(headline(emptyReport()).markup, "no validation photos");
  const data = fakeReport();
  assertEquals(headline({ ...data, run: { ...data.run, clip: 0 } }).markup.includes("clipped"), false);
});

Deno.test("headline() folds warnings after the first eight, and loses none", () => {
  const warnings = Array.from({ length: 30 }, (_, k) => `warning number ${k};`);
  const { markup } = headline({ ...fakeReport(), warnings });
  const [shown, folded] = markup.split("<details>");
  assertStringIncludes(shown, "30 warnings");
  warnings.forEach((warning, k) => assertStringIncludes(k < 8 ? shown : folded, warning));
  assertEquals(headline({ ...fakeReport(), warnings: warnings.slice(0, 8) }).markup.includes("<details>"), false);
});

Deno.test("headline() tells in what numbers features were computed, where that is known", () => {
  const data = fakeReport();
  const of = (precision?: string) => headline({ ...data, run: { ...data.run, precision } }).markup;
  assertStringIncludes(of("int8, by the ranges of 24 photos"), "computed in int8, by the ranges of 24 photos");
  assertEquals(of(undefined).includes("computed in"), false);
});

Deno.test("headline() compares with the write-up only where the run follows it", () => {
  const data = fakeReport();
  assertStringIncludes(headline(data).markup, "For comparison");
  assertEquals(headline({ ...data, run: { ...data.run, reference: undefined } }).markup.includes("comparison"), false);
});
