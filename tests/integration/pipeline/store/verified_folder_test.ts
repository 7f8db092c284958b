import fc from "fast-check";
import { assertEquals, assertRejects } from "@std/assert";
import { DamagedFile } from "../../../../pipeline/store/damaged_file.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { MANIFEST_FILE, OUTPUT_FILE } from "../../../../pipeline/store/manifest.ts";
import { type StageFolder, stageFolder } from "../../../../pipeline/store/run_folder.ts";
import { VerifiedFolder } from "../../../../pipeline/store/verified_folder.ts";
import { FakeRun } from "../runner/fake_stages.ts";

/** The folder of `trim` in a run that has finished. */
async function finishedTrim(run: FakeRun): Promise<{ folder: StageFolder; finished: VerifiedFolder }> {
  await run.run();
  const folder = stageFolder(run.path("."), "trim");
  const finished = await VerifiedFolder.open(folder, "trim");
  if (finished) return { folder, finished };
  throw new Error("expected a manifest, got none");
}

/** Puts other content in a file's place, with the time that the old one had. */
async function replaceUnseen(path: string, content: string): Promise<void> {
  const { mtime } = await Deno.stat(path);
  await Deno.writeTextFile(path, content);
  if (mtime) await Deno.utime(path, mtime, mtime);
}

Deno.test("VerifiedFolder gives what the stage wrote, and nothing that was put in its place", async () => {
  await using run = await FakeRun.make();
  const { folder, finished } = await finishedTrim(run);
  assertEquals(await finished.readText("boxes.txt"), "5 true");
  await fc.assert(
    fc.asyncProperty(fc.string(), async (content) => {
      await replaceUnseen(folder.path("boxes.txt"), content);
      if (content === "5 true") assertEquals(await finished.readText("boxes.txt"), content);
      else await assertRejects(() => finished.read("boxes.txt"), DamagedFile, "trim/boxes.txt");
    }),
    { numRuns: 30, examples: [["5 true"], ["5 trve"], [""]] },
  );
});

Deno.test("VerifiedFolder refuses a file that is gone, a folder and a device in its place", async () => {
  await using run = await FakeRun.make();
  const { folder, finished } = await finishedTrim(run);
  await folder.remove("boxes.txt");
  // Whoever asks first must not take it for a file that the stage never wrote.
  assertEquals(await finished.has("boxes.txt"), true);
  await assertRejects(() => finished.read("boxes.txt"), DamagedFile);
  await Deno.mkdir(folder.path("boxes.txt"));
  await assertRejects(() => finished.read("boxes.txt"), DamagedFile);
  await Deno.remove(folder.path("boxes.txt"));
  await Deno.symlink("/dev/zero", folder.path("boxes.txt"));
  await assertRejects(() => finished.read("boxes.txt"), DamagedFile);
});

Deno.test("VerifiedFolder gives no file that its manifest does not list", async () => {
  await using run = await FakeRun.make();
  const { folder, finished } = await finishedTrim(run);
  await folder.write("other.txt", "not the stage's");
  assertEquals(await finished.has("other.txt"), false);
  await assertRejects(() => finished.read("other.txt"), RangeError, "expected a file that its manifest lists");
  await assertRejects(() => finished.readPart("other.txt", { start: 0, bytes: 1, crc32: 0 }), RangeError);
});

Deno.test("VerifiedFolder.open() refuses the manifest of another stage", async () => {
  await using run = await FakeRun.make();
  const { folder } = await finishedTrim(run);
  await Deno.copyFile(run.path("scan", MANIFEST_FILE), folder.path(MANIFEST_FILE));
  await assertRejects(
    () => VerifiedFolder.open(folder, "trim"),
    UserError,
    "the manifest of stage trim, got that of scan",
  );
});

Deno.test("Runner.run() runs a stage again whose file was replaced with size and time kept", async () => {
  await using run = await FakeRun.make();
  await run.run();
  await replaceUnseen(run.path("trim", "boxes.txt"), "6 true");
  assertEquals(FakeRun.reasons(await run.states()).trim, "its output boxes.txt was changed");
  await run.run();
  assertEquals(run.ran, ["trim"]);
  await replaceUnseen(run.path("scan", OUTPUT_FILE), "7");
  await run.run();
  assertEquals(run.ran, ["scan"]);
});

Deno.test("Runner.run() computes again what a stage finds damaged when it reads it, and goes on", async () => {
  await using run = await FakeRun.make();
  await run.run();
  run.versions = { filter: 2 };
  let damages = 1;
  run.during.filter = async ({ inputFolder }) => {
    if (damages-- > 0) await replaceUnseen(run.path("trim", "boxes.txt"), "6 true");
    assertEquals(await inputFolder("trim").readText("boxes.txt"), "5 true");
  };
  const states = await run.run();
  assertEquals(run.ran, ["filter", "trim", "filter"]);
  assertEquals(Object.keys(FakeRun.reasons(states)), ["trim", "filter"]);
  damages = 2;
  run.versions = { filter: 3 };
  await assertRejects(() => run.run(), DamagedFile, "deno task stage trim --out");
});
