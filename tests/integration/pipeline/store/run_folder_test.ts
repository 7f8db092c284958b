import { join } from "@std/path";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { isRunHeld, lockRun, runFolder, StageFolder, stageFolder } from "../../../../pipeline/store/run_folder.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { makeFifo } from "../../data/files/awkward_files.ts";
import { inFolder } from "../in_folder.ts";

Deno.test("lockRun() keeps a second process out until the first one is killed", () =>
  inFolder(async (folder) => {
    const run = join(folder, "runs/a");
    const script = new URL("hold_lock.ts", import.meta.url).pathname;
    const holder = new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-check", "-A", script, run],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const output = holder.stdout.getReader();
    try {
      assertEquals(new TextDecoder().decode((await output.read()).value), "locked\n");
      const { message } = await assertRejects(() => lockRun(run), UserError);
      assertStringIncludes(message, `Cannot work in ${run}: another run is at work there`);
    } finally {
      holder.kill("SIGKILL");
      await holder.status;
      await output.cancel();
    }
    using lock = await lockRun(run);
    assertEquals(typeof lock[Symbol.dispose], "function");
  }));

Deno.test("lockRun() is free again when the holder lets go", () =>
  inFolder(async (folder) => {
    for (let time = 0; time < 2; time++) {
      using _lock = await lockRun(folder);
      await assertRejects(() => lockRun(folder), UserError);
    }
  }));

// Opening a pipe waits for its other end: the studio stood still.
Deno.test("isRunHeld() is false where a pipe or a link stands in the marker's place", () =>
  inFolder(async (folder) => {
    await makeFifo(join(folder, "run.json"));
    assertEquals(await isRunHeld(folder), false);
    await Deno.mkdir(join(folder, "other"));
    await Deno.symlink(join(folder, "run.json"), join(folder, "other/run.json"));
    assertEquals(await isRunHeld(join(folder, "other")), false);
  }));

Deno.test("isRunHeld() tells whether a run is at work, and keeps none from beginning", () =>
  inFolder(async (folder) => {
    assertEquals(await isRunHeld(join(folder, "none")), false);
    const run = join(folder, "run");
    for (let times = 0; times < 20; times++) {
      const looking = Array.from({ length: 8 }, () => isRunHeld(run));
      using _lock = await lockRun(run);
      await Promise.all(looking);
      assertEquals(await isRunHeld(run), true);
    }
    assertEquals(await isRunHeld(run), false);
  }));

Deno.test("lockRun() excludes no run in another folder", () =>
  inFolder(async (folder) => {
    using _first = await lockRun(join(folder, "a"));
    using _second = await lockRun(join(folder, "b"));
  }));

Deno.test("lockRun() explains a file in the folder's place", () =>
  inFolder(async (folder) => {
    const path = join(folder, "run");
    await Deno.writeTextFile(path, "");
    const { message } = await assertRejects(() => lockRun(path), UserError);
    assertStringIncludes(
      message,
      `Cannot write into ${path}: expected a new or an empty folder or a run, got a file. Name`,
    );
  }));

Deno.test("StageFolder lists its files sorted, without folders, and nothing where there is none", () =>
  inFolder(async (folder) => {
    const stage = stageFolder(folder, "trim");
    assertEquals(await stage.list(), []);
    await stage.write("b", "");
    await stage.write("a", "");
    await stage.write("below/c", "");
    assertEquals(await stage.list(), ["a", "b"]);
  }));

Deno.test("StageFolder.has() is true of files alone", () =>
  inFolder(async (folder) => {
    const stage = new StageFolder(runFolder(folder));
    await stage.write("below/file", "text");
    assertEquals([await stage.has("below/file"), await stage.has("below"), await stage.has("other")], [
      true,
      false,
      false,
    ]);
    assertEquals(await stage.readText("below/file"), "text");
    await stage.remove("below/file");
    assertEquals(await stage.has("below/file"), false);
  }));
