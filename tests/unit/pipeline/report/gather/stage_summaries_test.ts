import { assertEquals } from "@std/assert";
import { stageSummaries } from "../../../../../pipeline/report/gather/stage_summaries.ts";

Deno.test("stageSummaries() tells in the past tense why stages ran or were kept", () => {
  const told = { seconds: 2, counts: { photos: 3 } };
  const summaries = stageSummaries([
    { ...told, stage: "scan", ran: true, reason: "has not run yet" },
    { ...told, stage: "trim", ran: false, reason: "nothing changed" },
  ]);
  assertEquals(summaries, [
    { ...told, name: "scan", state: "ran", reason: "had not run yet" },
    { ...told, name: "trim", state: "kept", reason: "nothing had changed" },
  ]);
});
