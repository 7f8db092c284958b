import { assertEquals } from "@std/assert";
import { forcedReason, Planner, type StageFacts } from "../../../../../pipeline/runner/plan/planner.ts";
import type { StageName } from "../../../../../pipeline/runner/stage.ts";
import { fakeManifest } from "../../store/fake_manifest.ts";

/** `trim` needs `scan`, `filter` needs `trim`, `split` needs `scan`. */
const STAGES: readonly { readonly name: StageName; readonly needs: readonly string[] }[] = [
  { name: "scan", needs: [] },
  { name: "trim", needs: ["scan"] },
  { name: "filter", needs: ["trim"] },
  { name: "split", needs: ["scan"] },
];

interface Known {
  /** Stages that have not run. */
  readonly notRun?: readonly StageName[];
  /** Stages whose needed stages gave something else since. */
  readonly changedInputs?: readonly StageName[];
  /** Stages of which a file was changed. */
  readonly changedFiles?: readonly StageName[];
}

/** A planner that knows nothing but what it is told: no folder, no hash. */
function plannerWith({ notRun = [], changedInputs = [], changedFiles = [] }: Known = {}) {
  const needsOf = (name: StageName) => STAGES.find((stage) => stage.name === name)?.needs ?? [];
  const facts: StageFacts = {
    manifest: (name) => {
      const inputs = Object.fromEntries(needsOf(name).map((need) => [need, "as before"]));
      return Promise.resolve(notRun.includes(name) ? undefined : fakeManifest({ stage: name, inputs, params: {} }));
    },
    wanted: (name, willRun) => {
      const now = changedInputs.includes(name) ? "another" : "as before";
      const inputs = Object.fromEntries(needsOf(name).map((need) => [need, willRun.has(need) ? null : now]));
      return Promise.resolve({ version: fakeManifest({}).version, params: {}, inputs, backend: null });
    },
    changedOutput: (name) => Promise.resolve(changedFiles.includes(name) ? "its output a was changed" : undefined),
  };
  return new Planner(STAGES, facts);
}

/** Why stages would run, by their names; those that are up to date are left out. */
async function reasons(known: Known, options = {}): Promise<Record<string, string>> {
  const states = await plannerWith(known).states(options);
  return Object.fromEntries(
    states.filter(({ state }) => state !== "up to date").map(({ stage, reason }) => [stage, reason]),
  );
}

Deno.test("Planner.states() finds nothing to run where nothing changed", async () => {
  assertEquals(await reasons({}), {});
});

Deno.test("Planner.states() tells stages that have not run from those that are out of date", async () => {
  const states = await plannerWith({ notRun: ["filter"], changedFiles: ["split"] }).states();
  assertEquals(states.map(({ state }) => state), ["up to date", "up to date", "not run", "out of date"]);
});

Deno.test("Planner.states() has all run that follows from a stage that will run", async () => {
  assertEquals(await reasons({ notRun: ["scan"] }), {
    scan: "has not run yet",
    trim: "scan runs first",
    filter: "trim runs first",
    split: "scan runs first",
  });
  assertEquals(await reasons({ changedInputs: ["trim"] }), { trim: "scan changed", filter: "trim runs first" });
});

Deno.test("Planner.states() looks at a stage's files only where all that it was computed from is the same", async () => {
  assertEquals((await reasons({ changedInputs: ["split"], changedFiles: ["split"] })).split, "scan changed");
  assertEquals(await reasons({ changedFiles: ["split"] }), { split: "its output a was changed" });
});

Deno.test("Planner.states() takes the user's word over all else, of the stages asked for", async () => {
  assertEquals(await reasons({}, { force: "trim" }), { trim: "asked for by --force", filter: "trim runs first" });
  assertEquals(Object.keys(await reasons({}, { force: "all", until: "trim" })), ["scan", "trim"]);
});

Deno.test("Planner.upTo() leaves out what a stage does not need, whatever stands before it", () => {
  const upTo = (until?: StageName) => plannerWith().upTo(until).map(({ name }) => name);
  assertEquals(upTo("filter"), ["scan", "trim", "filter"]);
  assertEquals(upTo("split"), ["scan", "split"]);
  assertEquals(upTo(), ["scan", "trim", "filter", "split"]);
});

Deno.test("forcedReason() is for the stage that was named, or for all", () => {
  assertEquals(forcedReason("trim", { force: "scan" }), undefined);
  assertEquals(forcedReason("trim", { force: "all" }), "asked for by --force");
  assertEquals(forcedReason("trim", {}), undefined);
});
