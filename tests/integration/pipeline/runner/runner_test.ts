import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UNFINISHED } from "../../../../data/owned/replace_file.ts";
import { MANIFEST_FILE, OUTPUT_FILE, parseManifest, STARTED_FILE } from "../../../../pipeline/store/manifest.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { FakeRun } from "./fake_stages.ts";

Deno.test("Runner.run() runs every stage of a new run, in order", async () => {
  await using run = await FakeRun.make();
  const states = await run.run();
  assertEquals(run.ran, ["scan", "trim", "filter", "split"]);
  assertEquals(FakeRun.reasons(states), {
    scan: "has not run yet",
    trim: "has not run yet",
    filter: "has not run yet",
    split: "has not run yet",
  });
  assertEquals(await run.filesOf("trim"), ["boxes.txt", MANIFEST_FILE, OUTPUT_FILE].sort());
});

Deno.test("Runner.run() runs nothing a second time", async () => {
  await using run = await FakeRun.make();
  const first = await run.run();
  const second = await run.run();
  assertEquals(run.ran, []);
  assertEquals(second.map(({ state }) => state), Array(4).fill("up to date"));
  assertEquals(second.map(({ manifest }) => manifest), first.map(({ manifest }) => manifest));
  // Nor is any output hashed again, which would be remembered.
  assertEquals(await Deno.stat(run.path("hashes.json")).then(() => true, () => false), false);
});

Deno.test("Runner.run() says why before a stage runs", async () => {
  await using run = await FakeRun.make();
  await run.run();
  run.versions = { split: 2 };
  run.during.split = () => {
    assertStringIncludes(run.said.join(), "split");
    assertStringIncludes(run.said.join(), "its code changed (version 1 before, 2 now)");
    return Promise.resolve();
  };
  await run.run();
  assertEquals(run.ran, ["split"]);
});

Deno.test("Runner.run() reruns what follows from a change, and nothing else", async () => {
  await using run = await FakeRun.make();
  await run.run();
  run.photos = "fourteen";
  assertEquals(FakeRun.reasons(await run.run()), {
    scan: "the photos changed",
    trim: "scan changed",
    filter: "trim changed",
    split: "scan changed",
  });
});

Deno.test("Runner.run() stops rerunning where a stage gives the same as before", async () => {
  await using run = await FakeRun.make();
  await run.run();
  run.photos = "seven"; // As long as "three": scan's output is the same.
  assertEquals(FakeRun.reasons(await run.run()), { scan: "the photos changed" });
});

Deno.test("Runner.run() reruns for a setting of the stage, and not for others", async () => {
  await using run = await FakeRun.make();
  await run.run();
  run.settings = { ...run.settings, clip: 0.1, cacheGigabytes: 1 };
  assertEquals(FakeRun.reasons(await run.run()), { filter: "clip was 0.005 and is now 0.1" });
});

Deno.test("Runner.run() reruns a stage whose output was edited or is gone", async () => {
  await using run = await FakeRun.make();
  await run.run();
  await Deno.writeTextFile(run.path("trim", "boxes.txt"), "edited");
  assertEquals(FakeRun.reasons(await run.run()), { trim: "its output boxes.txt was changed" });
  assertEquals(await Deno.readTextFile(run.path("trim", "boxes.txt")), "5 true");
  await Deno.remove(run.path("trim", OUTPUT_FILE));
  assertEquals(FakeRun.reasons(await run.run()), { trim: `its output ${OUTPUT_FILE} is gone` });
});

Deno.test("Runner.run() lets content decide, not file times", async () => {
  await using run = await FakeRun.make();
  await run.run();
  await Deno.utime(run.path("trim", "boxes.txt"), 1, 1);
  await run.run();
  assertEquals(run.ran, []);
});

Deno.test("Runner.run() forces one stage, or all, though nothing changed", async () => {
  await using run = await FakeRun.make();
  await run.run();
  assertEquals(FakeRun.reasons(await run.run({ force: "trim" })), { trim: "asked for by --force" });
  await run.run({ force: "all" });
  assertEquals(run.ran, ["scan", "trim", "filter", "split"]);
});

Deno.test("Runner.run() runs up to a stage only what that stage needs", async () => {
  await using run = await FakeRun.make();
  await run.run({ until: "split" });
  assertEquals(run.ran, ["scan", "split"]);
  await run.run({ until: "filter" });
  assertEquals(run.ran, ["trim", "filter"]);
});

Deno.test("Runner.states() tells what would run and why, and runs nothing", async () => {
  await using run = await FakeRun.make();
  assertEquals((await run.states()).map(({ state }) => state), Array(4).fill("not run"));
  await run.run();
  assertEquals(FakeRun.reasons(await run.states()), {});
  run.ran.length = 0;
  run.photos = "fourteen";
  assertEquals(FakeRun.reasons(await run.states()), {
    scan: "the photos changed",
    trim: "scan runs first",
    filter: "trim runs first",
    split: "scan runs first",
  });
  assertEquals((await run.states()).map(({ state }) => state), Array(4).fill("out of date"));
  assertEquals(FakeRun.reasons(await run.states({ until: "trim", force: "trim" })).trim, "asked for by --force");
  assertEquals(run.ran, []);
});

Deno.test("Runner.states() writes nothing", async () => {
  await using run = await FakeRun.make();
  await run.run();
  await Deno.writeTextFile(run.path("trim", "boxes.txt"), "edited");
  const before = await Deno.readTextFile(run.path("hashes.json")).catch(() => "none");
  await run.states();
  assertEquals(await Deno.readTextFile(run.path("hashes.json")).catch(() => "none"), before);
});

Deno.test("Runner.run() keeps files for going on when a stage was stopped while computing the same", async () => {
  await using run = await FakeRun.make();
  run.during.trim = async ({ folder }) => {
    await folder.write("shard-1", "whole");
    await Deno.writeTextFile(folder.path("shard-2.unfinished"), "torn");
    throw new Error("killed");
  };
  await assertRejects(() => run.run(), Error, "killed");
  assertEquals(await run.filesOf("trim"), ["shard-1", "shard-2.unfinished", STARTED_FILE]);

  run.during.trim = async ({ folder }) => assertEquals(await folder.list(), ["shard-1", STARTED_FILE]);
  const states = await run.run();
  assertEquals(run.ran, ["trim", "filter", "split"]);
  assertEquals(run.said.includes("  going on from where it was stopped"), true);
  const { outputs } = states[1].manifest ?? { outputs: [] };
  assertEquals(outputs.map(({ file }) => file), ["boxes.txt", OUTPUT_FILE, "shard-1"]);
  assertEquals((await run.filesOf("trim")).includes(STARTED_FILE), false);
});

Deno.test("Runner.run() starts over when a stage was stopped while computing something else", async () => {
  await using run = await FakeRun.make();
  run.during.trim = async ({ folder }) => {
    await folder.write("shard-1", "whole");
    throw new Error("killed");
  };
  await assertRejects(() => run.run(), Error, "killed");
  run.settings = { ...run.settings, trimTest: false };
  run.during.trim = async ({ folder }) => assertEquals(await folder.list(), [STARTED_FILE]);
  await run.run();
  assertEquals(run.said.includes("  going on from where it was stopped"), false);
});

Deno.test("Runner.run() takes a stage that was stopped as not run, whatever it had given before", async () => {
  await using run = await FakeRun.make();
  await run.run();
  run.during.trim = () => Promise.reject(new Error("killed"));
  await assertRejects(() => run.run({ force: "trim" }), Error, "killed");
  run.during = {};
  assertEquals(FakeRun.reasons(await run.states()), { trim: "has not run yet", filter: "trim runs first" });
  assertEquals(FakeRun.reasons(await run.run()), { trim: "has not run yet" });
});

Deno.test("Runner.run() removes what an earlier run of a stage left", async () => {
  await using run = await FakeRun.make();
  run.during.trim = ({ folder }) => folder.write("old", "");
  await run.run();
  run.during = {};
  await run.run({ force: "trim" });
  assertEquals((await run.filesOf("trim")).includes("old"), false);
});

Deno.test("Runner.run() leaves a stage the files that it keeps, but for damaged ones", async () => {
  await using run = await FakeRun.make();
  run.trimKeepsShards = true;
  run.during.trim = async ({ folder }) => {
    await folder.write("shard-1", "one");
    await folder.write("shard-2", "two");
  };
  await run.run();
  const seen: string[][] = [];
  run.during.trim = async ({ folder }) => void seen.push(await folder.list());
  run.versions = { trim: 2 };
  await run.run();
  assertEquals(seen[0], ["shard-1", "shard-2", STARTED_FILE]);

  await Deno.writeTextFile(run.path("trim", "shard-2"), "damaged");
  assertEquals(FakeRun.reasons(await run.run()).trim, "its output shard-2 was changed");
  assertEquals(seen[1], ["shard-1", STARTED_FILE]);

  await run.run({ force: "trim" });
  assertEquals(seen[2], [STARTED_FILE]);
});

Deno.test("Runner.run() writes a manifest that says everything", async () => {
  await using run = await FakeRun.make();
  run.during.scan = ({ warn }) => Promise.resolve(warn("one is left out"));
  await run.run();
  const path = run.path("scan", MANIFEST_FILE);
  const { started, seconds, outputs, ...manifest } = parseManifest(await Deno.readTextFile(path), path);
  assertEquals(manifest, {
    schema: 1,
    stage: "scan",
    version: 1,
    params: { seed: 0 },
    seed: 0,
    backend: null,
    device: null,
    backendReason: null,
    inputs: { "the photos": "three" },
    counts: { photos: 5 },
    details: null,
    warnings: ["one is left out"],
  });
  assertEquals(new Date(started).toISOString(), started);
  assertEquals(seconds >= 0, true);
  assertEquals(outputs.map(({ file, bytes }) => [file, bytes]), [[OUTPUT_FILE, 1]]);
});

Deno.test("Runner refuses a manifest that was edited by hand, and runs nothing", async () => {
  await using run = await FakeRun.make();
  await run.run();
  const path = run.path("trim", MANIFEST_FILE);
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace('"seconds": ', '"seconds": 1'));
  const { message } = await assertRejects(() => run.run(), UserError, "agrees with its seal");
  assertStringIncludes(message, path);
  assertEquals(run.ran, []);
  await assertRejects(() => run.states(), UserError, "agrees with its seal");
});

Deno.test("Runner lets a stage read no folder but those that it needs", async () => {
  await using run = await FakeRun.make();
  run.during.filter = async ({ inputFolder }) => {
    assertEquals(await inputFolder("trim").readText("boxes.txt"), "5 true");
    inputFolder("scan");
  };
  await assertRejects(() => run.run(), Error, "Cannot read stage scan in filter: expected one of [trim], got scan");
});

Deno.test("Runner tells a stage what those before it did, and whether they ran just now", async () => {
  await using run = await FakeRun.make();
  await run.run();
  run.versions = { trim: 2, split: 2 };
  const told: unknown[] = [];
  run.during.split = async ({ records }) => {
    for (const { stage, ran, reason } of await records()) told.push([stage, ran, reason]);
  };
  await run.run();
  assertEquals(told, [
    ["scan", false, "nothing changed"],
    ["trim", true, "its code changed (version 1 before, 2 now)"],
    ["filter", false, "nothing changed"],
  ]);
});

Deno.test("Runner.run() takes no stage as done whose manifest could not be written", async () => {
  await using run = await FakeRun.make();
  run.during.trim = () => Deno.mkdir(run.path("trim", `${MANIFEST_FILE}${UNFINISHED}`, "inside"), { recursive: true });
  const { message } = await assertRejects(() => run.run(), UserError);
  assertStringIncludes(message, `Cannot write ${run.path("trim", MANIFEST_FILE)}${UNFINISHED}: expected nothing there`);
  assertEquals(FakeRun.reasons(await run.states()).trim, "has not run yet");
});
