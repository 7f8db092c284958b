import { assertEquals, assertStringIncludes } from "@std/assert";
import { predictions } from "../../../../../pipeline/report/sections/predictions.ts";
import { fakeReport } from "../fake_report.ts";

Deno.test("predictions() draws validation and test photos, and tells of the clip where there is one", async () => {
  const data = fakeReport({ validation: 40, test: 20 });
  const { markup } = await predictions(data);
  for (const words of ["validation, cats (20)", "validation, dogs (20)", "test (20)", "0.005 away from 0 and 1"]) {
    assertStringIncludes(markup, words);
  }
  const unclipped = await predictions({ ...data, run: { ...data.run, clip: 0 } });
  assertEquals(unclipped.markup.includes("away from"), false);
});
