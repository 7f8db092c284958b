import { assertEquals, assertStringIncludes } from "@std/assert";
import { spreadOf } from "../../../bench/timing/measure.ts";
import { type BenchRow, comparison, failedRow, PYTORCH, timesPyTorch } from "../../../bench/page/row.ts";
import { benchTable } from "../../../bench/page/table.ts";

const row = (by: string, median: number, unit: BenchRow["unit"] = "photos/s"): BenchRow => {
  return { work: "both", by, unit, value: spreadOf([median]), checked: "-" };
};

Deno.test("timesPyTorch() is over 1 for more photos a second, and for less time", () => {
  const rates = [row("onnx", 12), row(PYTORCH, 6)];
  assertEquals(timesPyTorch(rates[0], rates), 2);
  const times = [row("onnx", 5, "s"), row(PYTORCH, 20, "s")];
  assertEquals(timesPyTorch(times[0], times), 4);
});

Deno.test("timesPyTorch() compares the same work alone, and not PyTorch with itself", () => {
  const rows = [row("onnx", 12), { ...row(PYTORCH, 6), work: "another" }];
  assertEquals(rows.map((one) => timesPyTorch(one, rows)), [undefined, undefined]);
});

Deno.test("comparison() calls a large error a mismatch, and one that is no number too", () => {
  assertEquals(comparison(1e-6, 1e-3, "onnx").failed, undefined);
  for (const error of [1e-2, NaN, Infinity]) {
    const { checked, failed } = comparison(error, 1e-3, "onnx");
    assertEquals([failed, checked.startsWith("MISMATCH")], [true, true]);
  }
});

Deno.test("benchTable() aligns its columns, leaves out empty ones and shows what failed", () => {
  const text = benchTable([row("onnx", 12.3456), failedRow("both", "webgpu", "photos/s", new Error("no\n  adapter"))]);
  const lines = text.split("\n");
  assertEquals(new Set(lines.map((line) => line.length)).size, 1, text);
  assertStringIncludes(lines[2], "| 12.3 ");
  assertStringIncludes(lines[3], "failed: no adapter");
  assertEquals(lines[0].includes("GFLOP/s"), false);
});
