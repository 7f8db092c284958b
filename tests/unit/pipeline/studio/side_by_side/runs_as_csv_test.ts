import { assertEquals } from "@std/assert";
import { parse } from "@std/csv/parse";
import { runsAsCsv } from "../../../../../pipeline/studio/side_by_side/runs_as_csv.ts";

Deno.test("runsAsCsv() keeps all digits, and names of runs are no formulas", () => {
  const none = { photos: undefined, logLoss: undefined, clippedLogLoss: undefined, accuracy: undefined };
  const rows = parse(
    runsAsCsv([
      {
        name: "=cmd|' /C calc'!A0",
        kind: "run",
        settings: { recipe: "linear-probe" },
        photos: 78,
        logLoss: { value: 0.123456789, low: 0.1, high: 0.2 },
        clippedLogLoss: undefined,
        accuracy: undefined,
        seconds: 12.5,
      },
      { name: "b, c", kind: "evaluation", settings: { seed: "1" }, ...none, seconds: undefined },
    ]),
    { skipFirstRow: true },
  );
  assertEquals(rows.map(({ run }) => run), ["'=cmd|' /C calc'!A0", "b, c"]);
  assertEquals(rows.map((row) => row["log loss"]), ["0.123456789", ""]);
  assertEquals(rows.map((row) => row["log loss, high"]), ["0.2", ""]);
  assertEquals(rows.map(({ recipe, seed }) => [recipe, seed]), [["linear-probe", ""], ["", "1"]]);
});
