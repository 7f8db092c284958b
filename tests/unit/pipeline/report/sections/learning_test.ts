import { assertEquals, assertStringIncludes } from "@std/assert";
import { learning } from "../../../../../pipeline/report/sections/learning.ts";
import { fakeFits, fakeReport } from "../fake_report.ts";

/** The headings of the columns of a table. */
function columnsOf(markup: string): string[] {
  return [...markup.matchAll(/<th scope="col"[^>]*>([^<]*)<\/th>/g)].map(([, name]) => name);
}

Deno.test("learning() has no two columns of one name, for epochs and for fits", async () => {
  for (const given of [fakeReport().learning, { by: "fits", fits: fakeFits() } as const]) {
    const columns = columnsOf((await learning(given)).markup);
    assertEquals(columns.length, new Set(columns).size, columns.join());
    for (const name of ["Training loss", "Validation loss", "Training accuracy", "Validation accuracy"]) {
      assertEquals(columns.includes(name), true, name);
    }
  }
});

Deno.test("learning() tells of learning rates where there are epochs alone", async () => {
  assertEquals(columnsOf((await learning(fakeReport().learning)).markup).slice(5, 7), [
    "Head learning rate",
    "Backbone learning rate",
  ]);
  const { markup } = await learning({ by: "fits", fits: fakeFits() });
  assertEquals(/rate|<svg/.test(markup), false);
});

Deno.test("learning() marks the fit that was kept", async () => {
  const fits = fakeFits().map((fit) => ({ ...fit, kept: !fit.kept }));
  const { markup } = await learning({ by: "fits", fits });
  assertStringIncludes(markup, ">refit (kept)</th>");
});

Deno.test("learning() names the column of each number for a telephone, where the headings are not seen", async () => {
  const { markup } = await learning({ by: "fits", fits: fakeFits() });
  const [, ...columns] = columnsOf(markup);
  const named = [...markup.matchAll(/data-column="([^"]*)"/g)].map(([, name]) => name);
  assertEquals(named, [...columns, ...columns]);
});
