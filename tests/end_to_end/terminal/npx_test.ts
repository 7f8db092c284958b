import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals } from "@std/assert";
import { inRuns } from "../../integration/pipeline/in_folder.ts";

const CONFIG = fromFileUrl(new URL("../../../deno.json", import.meta.url));
const DENO = ["--yes", "deno@2.9.6"];
/** A package that does not come in this time is not at hand. */
const REACHED_SECONDS = 60;

/** Why npx cannot start Deno here, for a test's name; `""` where it can. */
async function noNpx(): Promise<string> {
  if (Deno.build.os !== "linux") return " (ignored: needs Linux)";
  try {
    const args = [String(REACHED_SECONDS), "npx", ...DENO, "--version"];
    const { success } = await new Deno.Command("timeout", { args, stdout: "null", stderr: "null" }).output();
    return success ? "" : ` (ignored: npx does not reach deno within ${REACHED_SECONDS} s)`;
  } catch (thrown) {
    return ` (ignored: ${thrown instanceof Error ? thrown.message : thrown})`;
  }
}

const reason = await noNpx();

/** The command lines of processes of a group, those that have ended and wait for their parent left out. */
async function processesOf(group: number): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(join("/proc", name, "stat")).catch(() => "");
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (Number(processGroup) !== group || state === "Z") continue;
    found.push(await Deno.readTextFile(join("/proc", name, "cmdline")).catch(() => ""));
  }
  return found;
}

/** Waits for something to be so, a minute at most; whether it came to be. */
async function comesTrue(so: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (await so()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

Deno.test({
  name: "SIGTERM to the group of npx leaves no process behind, at work or at the start" + reason,
  ignore: reason !== "",
  fn: () =>
    inRuns(async (folder) => {
      for (const atWork of [true, false]) {
        const photos = join(folder, atWork ? "photos" : "others");
        const args = ["npx", ...DENO, "task", "--quiet", "--config", CONFIG, "sample", "--out", photos];
        const process = new Deno.Command("setsid", { args, stdout: "null", stderr: "null" }).spawn();
        const begun = () =>
          atWork
            ? Deno.stat(join(photos, "train")).then(() => true, () => false)
            : processesOf(process.pid).then((all) => all.some((line) => line.includes("deno")));
        assert(await comesTrue(begun), "the command has begun");
        Deno.kill(-process.pid, "SIGTERM");
        const { success } = await process.status;
        assertEquals(success, false);
        const gone = await comesTrue(async () => (await processesOf(process.pid)).length === 0);
        assert(gone, `left behind: ${await processesOf(process.pid)}`);
        assertEquals(await Deno.stat(join(photos, "truth.json")).then(() => true, () => false), false);
      }
    }),
});
