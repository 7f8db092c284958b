import { assertEquals, assertStringIncludes } from "@std/assert";
import { stageTable } from "../../../../../pipeline/report/sections/stage_table.ts";

const STAGE = { name: "split", state: "ran", seconds: 2, counts: { train: 2400, "mean loss": 0.03020001 } } as const;

Deno.test("stageTable() shows counts with thousands, measures with four digits, reasons and the time of all", () => {
  const { markup } = stageTable([{ ...STAGE, reason: "trim had changed" }, { ...STAGE, seconds: 63, reason: "" }]);
  assertStringIncludes(markup, "2,400 train, 0.0302 mean loss");
  assertStringIncludes(markup, "trim had changed");
  assertStringIncludes(markup, ">1m 05s</td>");
});

Deno.test("stageTable() says so where nothing ran", () => {
  assertEquals(stageTable([]).markup.includes("<table"), false);
});
