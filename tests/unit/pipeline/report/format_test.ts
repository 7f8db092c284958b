import { assertEquals } from "@std/assert";
import {
  formatCount,
  formatCountOf,
  formatLoss,
  formatProbability,
  formatRate,
  formatShare,
} from "../../../../pipeline/report/format.ts";

Deno.test("formatCount() groups thousands", () => {
  assertEquals([0, 999, 12500].map(formatCount), ["0", "999", "12,500"]);
});

Deno.test("formatCountOf() uses the singular for one only", () => {
  assertEquals([0, 1, 2].map((count) => formatCountOf(count, "photo")), ["0 photos", "1 photo", "2 photos"]);
});

Deno.test("formatShare() rounds to two digits, but never up to a perfect share", () => {
  assertEquals([0, 0.5, 0.98987, 0.99999, 1].map(formatShare), ["0%", "50%", "98.99%", "99.99%", "100%"]);
});

Deno.test("formatProbability() shows 0 and 1 only for exactly these", () => {
  assertEquals([0, 1e-9, 0.5, 0.9999, 1].map(formatProbability), ["0.000", "<0.001", "0.500", ">0.999", "1.000"]);
});

Deno.test("formatLoss() shows an infinite loss as such", () => {
  assertEquals([0.030226, 12, Infinity].map(formatLoss), ["0.0302", "12.0000", "∞"]);
});

Deno.test("formatRate() shows a rate without the dust of its arithmetic", () => {
  assertEquals([0.001, 0.1 * 0.0003, 1e-7].map(formatRate), ["0.001", "0.00003", "1e-7"]);
});

Deno.test("formatCount(), formatShare(), formatLoss(), formatProbability() and formatRate() show a dash for NaN", () => {
  for (const format of [formatCount, formatShare, formatLoss, formatProbability, formatRate]) {
    assertEquals(format(NaN), "–");
  }
});
