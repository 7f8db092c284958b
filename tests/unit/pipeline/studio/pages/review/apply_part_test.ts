import { assertEquals, assertStringIncludes } from "@std/assert";
import { STAGE_NAMES, type StageName } from "../../../../../../pipeline/runner/stage.ts";
import type { RunView, StageView } from "../../../../../../pipeline/studio/run/run_view.ts";
import { applyPart } from "../../../../../../pipeline/studio/pages/review/apply_part.ts";

/** A run that nobody works on, whose stages from one on are out of date. */
function idleRun(from: StageName | undefined, reason: string): RunView {
  const due = from === undefined ? STAGE_NAMES.length : STAGE_NAMES.indexOf(from);
  const stages = STAGE_NAMES.map((stage, k): StageView => ({
    stage,
    state: k < due || (stage === "transform" && from === "split") ? "up to date" : "out of date",
    reason: k === due ? reason : "",
    seconds: 1,
    counts: {},
    warnings: [],
  }));
  const nothing = { progress: undefined, lines: [], ending: undefined, epochs: [] };
  return { out: "runs/sample", exists: true, activity: "idle", stages, ...nothing };
}

Deno.test("applyPart() offers to apply decisions where the review changed, and says what that costs", () => {
  const { markup } = applyPart(idleRun("split", "the review changed"));
  assertStringIncludes(markup, "Apply your decisions");
  assertStringIncludes(markup, "6 stages run, from split on; no photo goes through the backbones again.");
});

Deno.test("applyPart() speaks of no decisions where none were made, and promises nothing of the backbones", () => {
  const { markup } = applyPart(idleRun("transform", "its code changed (version 1 before, 2 now)"));
  assertStringIncludes(markup, "Run what is out of date");
  assertStringIncludes(markup, "6 stages run, from transform on.");
});

Deno.test("applyPart() is empty where all is up to date", () => {
  assertEquals(applyPart(idleRun(undefined, "")).markup, "");
});
