import { fromFileUrl, join } from "@std/path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { type Ended, photoNames, run, writePhotos } from "../command_line.ts";
import { overSmall } from "../small_run.ts";

const MAIN = fromFileUrl(new URL("../../../main.ts", import.meta.url));
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Runs the program in a folder as a user who owns nothing; what it caches lies there too. */
async function asNobody(words: readonly string[], folder: string): Promise<Ended> {
  const cache = join(folder, "cache");
  await Deno.mkdir(cache, { recursive: true });
  await Deno.chmod(cache, 0o777);
  const { code, stdout, stderr } = await new Deno.Command("setpriv", {
    args: [
      "--reuid=nobody",
      "--regid=nogroup",
      "--clear-groups",
      Deno.execPath(),
      "run",
      "-A",
      "--quiet",
      MAIN,
      ...words,
    ],
    cwd: folder,
    env: { NO_COLOR: "1", DENO_DIR: cache, HOME: cache },
  }).output();
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** Why the program cannot be run as nobody here, for a test's name; `""` where it can. */
async function noNobody(): Promise<string> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0) return " (ignored: only root of Linux may become nobody)";
  const folder = await Deno.makeTempDir();
  try {
    await Deno.chmod(folder, 0o755);
    const { code, stderr } = await asNobody(["--version"], folder);
    return code === 0 ? "" : ` (ignored: nobody cannot run this program: ${stderr.split("\n")[0]})`;
  } catch (thrown) {
    return ` (ignored: ${thrown instanceof Error ? thrown.message : thrown})`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const reason = await noNobody();

Deno.test({
  name: "a folder that may not be read is named, and the rest goes on" + reason,
  ignore: reason !== "",
  fn: () =>
    inFolder(async (folder) => {
      await Deno.chmod(folder, 0o777);
      await writePhotos(join(folder, "photos"), photoNames(4));
      await writePhotos(join(folder, "photos/secret"), ["cat.9.jpg"]);
      await Deno.chmod(join(folder, "photos/secret"), 0o700);
      await Deno.chmod(join(folder, "photos/cat.0.jpg"), 0o600);
      const scan = await asNobody(overSmall("stage scan").split(" "), folder);
      assertEquals(scan.code, 0, scan.stderr);
      assertMatch(scan.stderr, /warning: [^\n]*secret[^\n]*no permission to read it/);
      assertStringIncludes(scan.stderr, "cat.0.jpg in the training folder is left out: unreadable: no permission");
      assertMatch(scan.stderr, /cats 3, dogs 4/);
      await Deno.chmod(join(folder, "photos"), 0o700);
      const none = await asNobody(overSmall("stage scan", "other").split(" "), folder);
      assertEquals(none.code, 1);
      assertMatch(none.stderr, /error: Cannot [^\n]*photos[^\n]*no permission to read it[^\n]*\n$/);
      await Deno.chmod(join(folder, "photos"), 0o755);
    }),
});

Deno.test({
  name: "a run folder that may not be written is read by all, and refused in one line where it must be written" +
    reason,
  ignore: reason !== "",
  fn: () =>
    inFolder(async (folder) => {
      await Deno.chmod(folder, 0o755);
      await writePhotos(join(folder, "photos"), photoNames(12));
      const made = await run(overSmall("pipeline").split(" "), folder);
      assertEquals(made.code, 0, made.stderr);
      for (const words of ["pipeline --out run", "pipeline --out run --dry-run", "status --out run"]) {
        const { code, stderr } = await asNobody(words.split(" "), folder);
        assertEquals(code, 0, `${words}: ${stderr}`);
      }
      const predicted = await asNobody("predict photos/cat.0.jpg --run run".split(" "), folder);
      assertEquals([predicted.code, predicted.stdout.includes("cat.0.jpg")], [0, true], predicted.stderr);
      for (
        const words of ["pipeline --out run --force", "stage scan --out run --force", overSmall("pipeline", "new")]
      ) {
        const { code, stderr } = await asNobody(words.split(" "), folder);
        assertEquals(code, 1, words);
        assertMatch(stderr.trimEnd().split("\n").at(-1) ?? "", /^error: Cannot (write|use) [^\n]*[Pp]ermission/, words);
        assertEquals(/\n\s+at /.test(stderr), false, stderr);
      }
    }),
});
