import { assertEquals } from "@std/assert";
import { differingSettings, type MeasuredRun } from "../../../../../pipeline/studio/side_by_side/measured_run.ts";

Deno.test("differingSettings() names what is not the same everywhere, also where one says nothing of it", () => {
  const runs: Pick<MeasuredRun, "settings">[] = [
    { settings: { recipe: "linear-probe", weights: "mini", seed: "0" } },
    { settings: { recipe: "writeup", weights: "mini", seed: "0" } },
    { settings: { recipe: "writeup", weights: "mini" } },
  ];
  assertEquals(differingSettings(runs), ["recipe", "seed"]);
  assertEquals(differingSettings(runs.slice(0, 1)), []);
  assertEquals(differingSettings([]), []);
});
