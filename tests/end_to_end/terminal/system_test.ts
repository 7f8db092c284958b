import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { inFolder, inRuns } from "../../integration/pipeline/in_folder.ts";
import { command, type Ended, run } from "../command_line.ts";
import { taskFlags } from "../task_flags.ts";

const MAIN = fromFileUrl(new URL("../../../main.ts", import.meta.url));
const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));
const DEAF = fromFileUrl(new URL("deaf.ts", import.meta.url));
const STOPPED = "Stopped. Finished work is kept: the same command goes on from here.\n";
const isUnix = Deno.build.os !== "windows";

/** Runs a line of shell in which `$main` is the program. */
async function shell(line: string, folder: string): Promise<Ended> {
  const main = `'${Deno.execPath()}' ${taskFlags(undefined, [folder]).join(" ")} '${MAIN}'`;
  const args = ["-c", line.replaceAll("$main", main)];
  const { code, stdout, stderr } = await new Deno.Command("bash", { args, cwd: folder, env: { NO_COLOR: "1" } })
    .output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Waits until a sample is being drawn into `folder/photos`: the program is at work. */
async function drawing(folder: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!await exists(join(folder, "photos/sample.json"))) {
    assert(Date.now() < deadline, "a sample is being drawn");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

Deno.test({
  name: "a full standard output ends in one line and status 1",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder(async (folder) => {
      const { code, stderr } = await shell("$main help > /dev/full", folder);
      assertEquals(code, 1);
      assertMatch(stderr, /^error: Cannot print the result: .*No space left on device.*\n$/);
    }),
});

Deno.test({
  name: "a reader that goes away ends in one line and status 141, by the shell's convention",
  ignore: !isUnix,
  fn: () =>
    inFolder(async (folder) => {
      const { stdout, stderr } = await shell("$main help | true; echo ${PIPESTATUS[0]}", folder);
      assertEquals(stdout, "141\n");
      assertMatch(stderr, /^error: Cannot print the whole result: .*got a closed pipe\n$/);
    }),
});

Deno.test({
  name: "closed or full outputs for messages keep no command from its work",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolder(async (folder) => {
      for (const end of ["2>&-", "2>/dev/full"]) {
        assertEquals((await shell(`$main --version ${end}`, folder)).code, 0);
        const failed = await shell(`$main status ${end}`, folder);
        assertEquals([failed.code, failed.stdout, failed.stderr], [1, "", ""]);
      }
      assertEquals((await shell("$main --version >&-", folder)).code, 0);
    }),
});

Deno.test({
  name: "SIGINT and SIGTERM end a command with one line, and status 130 and 143",
  ignore: !isUnix,
  fn: () =>
    inFolder(async (folder) => {
      for (const [signal, status] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
        const process = command(["sample", "--out", "photos"], folder).spawn();
        await drawing(folder);
        process.kill(signal);
        const { code, stderr } = await process.output();
        assertEquals([code, new TextDecoder().decode(stderr)], [status, STOPPED]);
        await Deno.remove(join(folder, "photos"), { recursive: true });
      }
    }),
});

Deno.test({
  name: "Ctrl-C reaches a command through deno task, once, and leaves no process behind",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inRuns(async (folder) => {
      const photos = join(folder, "photos");
      // A process group of its own, as a terminal gives to each command.
      const process = new Deno.Command("setsid", {
        args: [Deno.execPath(), "task", "--quiet", "--config", CONFIG, "sample", "--out", photos],
        stdout: "null",
        stderr: "piped",
        env: { NO_COLOR: "1" },
      }).spawn();
      await drawing(folder);
      Deno.kill(-process.pid, "SIGINT");
      const { code, stderr } = await process.output();
      assertEquals([code, new TextDecoder().decode(stderr)], [130, STOPPED]);
      let left = true;
      try {
        Deno.kill(-process.pid, "SIGTERM");
      } catch {
        left = false;
      }
      assertEquals(left, false, "nothing of the group is left");
    }),
});

Deno.test({
  name: "a second signal ends at once what does not end at the first",
  ignore: !isUnix,
  fn: () =>
    inFolder(async (folder) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const process = new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", "--quiet", "--config", CONFIG, DEAF],
          cwd: folder,
          stdout: "piped",
          stderr: "null",
        }).spawn();
        const reader = process.stdout.getReader();
        assertEquals(new TextDecoder().decode((await reader.read()).value), "at work\n");
        process.kill(signal);
        assertEquals(new TextDecoder().decode((await reader.read()).value), "told to stop\n");
        await new Promise((resolve) => setTimeout(resolve, 700));
        process.kill(signal);
        const ended = await process.status;
        await reader.cancel();
        assertEquals(ended.signal, signal);
      }
    }),
});

Deno.test("a signal at any moment of the start ends a command, with the signal's status", {
  ignore: !isUnix,
}, () =>
  inFolder(async (folder) => {
    for (const milliseconds of [0, 20, 50, 100, 200, 400, 800]) {
      const process = command(["sample", "--out", "photos"], folder).spawn();
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      process.kill("SIGTERM");
      const { code, stderr } = await process.output();
      const text = new TextDecoder().decode(stderr);
      assertEquals(code, 143, text);
      // Before the program is there to hear it, the system's own answer says nothing.
      assert(["", STOPPED].includes(text), text);
    }
    assertEquals(await exists(join(folder, "photos/truth.json")), false);
  }));

Deno.test({
  name: "a full disk ends in one line (needs the right to mount a small one)",
  ignore: Deno.build.os !== "linux" || Deno.uid() !== 0,
  fn: () =>
    inFolder(async (folder) => {
      await Deno.mkdir(join(folder, "small"));
      const mounted = await shell("mount -t tmpfs -o size=256k tmpfs small", folder);
      // A container may have root without that right; then there is nothing to try.
      if (mounted.code !== 0) return console.warn(`not tried: ${mounted.stderr.trim()}`);
      try {
        const { code, stderr } = await run(["sample", "--out", "small/photos"], folder);
        assertEquals(code, 1, stderr);
        assertMatch(stderr, /^error: Cannot [^\n]*(No space left|disk is full)[^\n]*Free some space[^\n]*\n$/);
      } finally {
        await shell("umount small", folder);
      }
    }),
});

Deno.test("a name that is too long ends in one line", () =>
  inFolder(async (folder) => {
    for (const words of [["sample", "--out"], ["pipeline", "--out"], ["predict", "--run"]]) {
      const { code, stderr } = await run([...words, "a".repeat(300), ...words[0] === "predict" ? ["x"] : []], folder);
      assertEquals(code, 1, stderr);
      assertMatch(stderr.replace(/.*\r/, ""), /^error: Cannot [^\n]*\n$/);
    }
  }));

Deno.test("the command line is understood or refused in one line", () =>
  inFolder(async (folder) => {
    const { version } = JSON.parse(await Deno.readTextFile(CONFIG));
    for (const words of ["--version", "status --version"]) {
      assertEquals((await run(words.split(" "), folder)).stdout, `${version}\n`);
    }
    const help = await run(["predict", "--help"], folder);
    for (const words of ["predict -h", "help predict"]) {
      assertEquals((await run(words.split(" "), folder)).stdout, help.stdout);
    }
    for (const words of ["pipeline --force=maybe", "status old", "export old", "sample --seed 4294967296"]) {
      const { code, stdout, stderr } = await run(words.split(" "), folder);
      assertEquals([code, stdout], [1, ""]);
      assertMatch(stderr, /^error: Cannot use [^\n]*: expected [^\n]*\n$/);
    }
  }));

Deno.test("a name prints no line of its own on the terminal", () =>
  inFolder(async (folder) => {
    const { stderr } = await run(["pipeline", "--data", "a\nerror: all is lost\x1b[2J", "--out", "run"], folder);
    assertEquals(stderr.split("\n").filter((line) => line.startsWith("error: ")).length, 1, stderr);
    assert(stderr.includes("a\\nerror: all is lost\\u001b[2J"), stderr);
  }));
