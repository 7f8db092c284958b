import { assertEquals } from "@std/assert";
import { countsIn, summaryLine, sumOf } from "../../suite/summary_line.ts";

const LINES = [
  "ok | 6 passed | 0 failed (10ms)",
  "FAILED | 3 passed (1 step) | 2 failed (4 steps) | 1 ignored (1m3s)",
  "ok | 0 passed | 0 failed | 12 filtered out (2s)",
];

Deno.test("summaryLine() counts what Deno's lines count together, in its own form", () => {
  const counts = LINES.map((line) => countsIn(line) ?? {});
  assertEquals(
    summaryLine(sumOf(counts), false, 63),
    "FAILED | 9 passed (1 step) | 2 failed (4 steps) | 1 ignored | 12 filtered out (1m3s)",
  );
  assertEquals(summaryLine(sumOf(counts.slice(0, 1)), true, 9.6), "ok | 6 passed | 0 failed (10s)");
});

Deno.test("countsIn() sees through colours, and takes no other line", () => {
  const line = "\x1b[0m\x1b[32mok\x1b[0m | 6 passed | 0 failed \x1b[0m\x1b[38;5;245m(10ms)\x1b[0m";
  assertEquals(countsIn(line), countsIn(LINES[0]));
  for (const other of ["", "ok", "a test ... ok (3ms)", "running 3 tests from ./a_test.ts", "ok | nothing (1s)"]) {
    assertEquals(countsIn(other), undefined);
  }
});
