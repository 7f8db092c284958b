import { assertEquals, assertStringIncludes } from "@std/assert";
import { STAGE_NAMES } from "../../../../../../pipeline/runner/stage.ts";
import { runPage } from "../../../../../../pipeline/studio/pages/run/run_page.ts";
import type { RunView, StageView } from "../../../../../../pipeline/studio/run/run_view.ts";

/** A finished run whose stage predict counted this. */
function finishedRun(counts: StageView["counts"]): RunView {
  const stages = STAGE_NAMES.map((stage): StageView => ({
    stage,
    state: "up to date",
    reason: "",
    seconds: 1,
    counts: stage === "predict" ? counts : {},
    warnings: [],
  }));
  const nothing = { progress: undefined, lines: [], ending: undefined, epochs: [] };
  return { out: "runs/sample", exists: true, activity: "idle", stages, ...nothing };
}

Deno.test("runPage() says how good a finished run's classifier is", async () => {
  const counts = { predicted: 100, "validation log loss": 0.06477, "validation accuracy": 0.9744 };
  const { markup } = await runPage(finishedRun(counts), "", "");
  assertStringIncludes(markup, "All stages are up to date: on validation a log loss of 0.0648, and 97.44% right.");
});

Deno.test("runPage() gives no figure where no photo validated, and no run that was not started here", async () => {
  const { markup } = await runPage(finishedRun({ predicted: 100 }), "", "");
  assertStringIncludes(markup, "All stages are up to date.");
  assertStringIncludes(markup, "Nothing since this studio was started.");
  assertEquals(markup.includes("Nothing yet"), false);
});
