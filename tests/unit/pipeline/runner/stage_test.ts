import { z } from "zod";
import { assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { filter } from "../../../../pipeline/stages/filter.ts";
import { defineStage, type StageName, usesEngine } from "../../../../pipeline/runner/stage.ts";
import { fakeTools } from "../../../integration/pipeline/runner/fake_tools.ts";

/** A stage that needs the others named, each giving a number, and gives what it is told to. */
function stageThatNeeds(name: StageName, needs: readonly string[], give: () => number = () => 0) {
  return defineStage({
    name,
    version: 1,
    inputs: z.object(Object.fromEntries(needs.map((need) => [need, z.number()]))),
    output: z.number(),
    tools: [],
    params: ({ seed }) => ({ seed }),
    run: () => Promise.resolve({ output: give(), counts: {} }),
  });
}

Deno.test("defineStage() takes stages that come before as needs", () => {
  assertEquals(stageThatNeeds("filter", ["trim", "scan"]).needs, ["trim", "scan"]);
  assertEquals(stageThatNeeds("scan", []).needs, []);
});

Deno.test("defineStage() refuses needs that come after, the stage itself, and names of no stage", () => {
  for (const need of ["split", "filter", "trimm"]) {
    const { message } = assertThrows(() => stageThatNeeds("filter", [need]));
    assertEquals(message, `Cannot define stage filter: expected its inputs among [scan, trim], got ${need}`);
  }
});

Deno.test("defineStage() checks inputs before the stage runs, and the output after", async () => {
  const config = await configOf(DEFAULT_SETTINGS, "run");
  let hasRun = false;
  const stage = stageThatNeeds("trim", ["scan"], () => {
    hasRun = true;
    return Number.NaN;
  });
  const { message } = await assertRejects(() => stage.run({ scan: "seven" }, config, fakeTools("run/trim")));
  assertStringIncludes(message, "scan");
  assertEquals(hasRun, false);
  await assertRejects(() => stage.run({ scan: 7 }, config, fakeTools("run/trim")), Error, "NaN");
});

Deno.test("defineStage() hands the stage its settings alone", async () => {
  const config = await configOf({ ...DEFAULT_SETTINGS, seed: 5 }, "run");
  assertEquals(stageThatNeeds("scan", []).params(config), { seed: 5 });
});

Deno.test("filter keeps photos of 3,600 pixels and says of the others why", async () => {
  const photo = (id: string, width: number, height: number) => ({
    id,
    box: { left: 0, top: 0, width, height },
    hash: "",
  });
  const trim = { train: [photo("cat.1.jpg", 60, 60), photo("dog.1.jpg", 59, 61)], test: [photo("1.jpg", 1, 1)] };
  const { output, counts } = await filter.run(
    { trim },
    await configOf(DEFAULT_SETTINGS, "run"),
    fakeTools("run/filter"),
  );
  assertEquals(output, {
    kept: ["cat.1.jpg"],
    dropped: [{ id: "dog.1.jpg", pixels: 3599, reason: "59x61 after trimming, under 3600 pixels" }],
  });
  assertEquals(counts, { kept: 1, dropped: 1 });
});

Deno.test("defineStage() hands the stage the tools that it names, and no other", async () => {
  const given: string[][] = [];
  const stage = defineStage({
    name: "scan",
    version: 1,
    inputs: z.object({}),
    output: z.number(),
    tools: ["say", "signal"],
    params: () => ({}),
    run: (_, __, tools) => {
      given.push(Object.keys(tools).sort());
      return Promise.resolve({ output: 0, counts: {} });
    },
  });
  await stage.run({}, await configOf(DEFAULT_SETTINGS, "run"), fakeTools("run/scan"));
  assertEquals(given, [["say", "signal"]]);
  assertEquals([usesEngine(stage), usesEngine({ tools: ["folder", "engine"] })], [false, true]);
});
