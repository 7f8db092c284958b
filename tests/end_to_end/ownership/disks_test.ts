import { fromFileUrl, join } from "@std/path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { type Ended, run, runWell } from "../command_line.ts";
import { drawSmall, overSmall } from "../small_run.ts";
import { taskFlags } from "../task_flags.ts";

const MAIN = fromFileUrl(new URL("../../../main.ts", import.meta.url));

/** Runs a script of the shell that may mount disks, seen by nobody else. */
async function mounting(script: string, folder: string): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command("unshare", {
    args: ["--user", "--map-root-user", "--mount", "sh", "-ec", script, folder, Deno.execPath(), MAIN],
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

const mayMount = await mounting("mount -t tmpfs none /mnt", "/").then(({ code }) => code === 0, () => false);

/** Runs the program in a folder that can only be read. */
function onReadOnlyDisk(words: string, folder: string): Promise<Ended> {
  const mount = `mount --bind "$0" "$0"; mount -o remount,ro,bind "$0"; cd "$0"; ! touch new 2> /dev/null`;
  return mounting(`${mount}; exec "$1" ${taskFlags(words.split(" ")[0], [folder]).join(" ")} "$2" ${words}`, folder);
}

const lastLine = (text: string) => text.trimEnd().split("\n").at(-1) ?? "";

Deno.test({
  name: "on a disk that can only be read an up-to-date run is read and used, and others say so (needs mount)",
  ignore: !mayMount,
  fn: () =>
    inFolder(async (folder) => {
      await drawSmall(folder);
      const { stdout } = await runWell(overSmall("pipeline"), folder);
      // Hashes that are no longer known, as after a copy, are computed and not kept.
      await Deno.utime(join(folder, "run/split/output.json"), 1, 1);
      const again = await onReadOnlyDisk("pipeline --out run", folder);
      assertEquals([again.code, again.stdout], [0, stdout], again.stderr);
      assertStringIncludes(again.stderr, "run: nothing to do, all 10 stages are up to date");
      for (
        const words of [
          "pipeline --out run --dry-run",
          "pipeline --out new --dry-run",
          "status --out run",
          "predict photos/test/1.jpg --run run",
        ]
      ) {
        const { code, stderr } = await onReadOnlyDisk(words, folder);
        assertEquals(code, 0, `${words}: ${stderr}`);
      }
      for (
        const words of [
          "pipeline --out run --clip 0.1",
          "pipeline --out run --force",
          "pipeline --data photos --out new",
          "stage scan --out run --force",
          "evaluate --out run",
          "export --run run",
          "export --run run --to new",
          "sample --out new",
        ]
      ) {
        const { code, stderr } = await onReadOnlyDisk(words, folder);
        assertEquals(code, 1, words);
        assertMatch(lastLine(stderr), /^error: Cannot write .*: the disk can only be read\. Name another folder/);
      }
    }),
});

Deno.test({
  name: "on a full disk a run says so in one line, and goes on when there is space (needs mount)",
  ignore: !mayMount,
  fn: () =>
    inFolder(async (folder) => {
      await drawSmall(folder);
      await runWell(`${overSmall("stage split")}`, folder);
      await Deno.mkdir(join(folder, "disk"));
      const command = `"$1" ${taskFlags("stage", [folder]).join(" ")} "$2" ${
        overSmall("stage transform", "disk/run")
      } --cache disk/cache`;
      const ended = await mounting(
        `mount -t tmpfs -o size=200k none "$0/disk"; ${command} || ls -R disk; mount -o remount,size=9m "$0/disk"; ${command}`,
        folder,
      );
      assertEquals(ended.code, 0, ended.stderr);
      assertMatch(ended.stderr, /^error: Cannot write disk\/(run|cache)\/.*: the disk is full\. Free some space .*$/m);
      assertEquals(/\n\s+at /.test(ended.stderr), false);
      assertStringIncludes(ended.stdout, "scan:");
      assertEquals(ended.stdout.includes(".unfinished"), false);
      assertMatch(lastLine(ended.stderr), /^disk\/run: ran (.*, )?transform in /);
    }),
});

Deno.test("a name that is too long is said to be", () =>
  inFolder(async (folder) => {
    for (const words of ["pipeline --data photos --out", "pipeline --out", "sample --out", "status --out"]) {
      const { code, stderr } = await run([...words.split(" "), "x".repeat(300)], folder);
      assertEquals(code, 1);
      assertMatch(stderr, /^error: Cannot use a folder: expected a shorter name, got one of 300 letters\n$/);
    }
  }));
