import type { Hono } from "hono";
import { comparePage } from "../../pages/compare/compare_page.ts";
import { layout } from "../../pages/layout.ts";
import { runsAsCsv } from "../../side_by_side/runs_as_csv.ts";
import { runsBeside } from "../../side_by_side/runs_beside.ts";
import { htmlResponse } from "../answers/html_response.ts";
import type { Studio } from "../answers/studio.ts";

/** Runs and evaluations side by side, as a page and as a table for spreadsheets. */
export function compareRoutes(app: Hono, { out, feed }: Studio): void {
  app.get("/compare", async () => {
    const content = await comparePage(await runsBeside(out));
    return htmlResponse(layout({ name: "compare", content }, await feed.view()));
  });
  app.get(
    "/compare.csv",
    async (context) =>
      context.body(runsAsCsv(await runsBeside(out)), 200, { "Content-Type": "text/csv; charset=utf-8" }),
  );
}
