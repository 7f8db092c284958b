import { join } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { ScannedPhotos } from "../../../pipeline/photos/photo.ts";
import { animation, BOMBS } from "../../integration/data/picture/bombs.ts";
import { heicFile } from "../../integration/data/picture/heic/heic_files.ts";
import { scanBomb } from "../../unit/data/picture/scan_bomb.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, photoNames, writePhotos } from "../command_line.ts";
import { outputOf } from "../run_files.ts";
import { overSmall } from "../small_run.ts";

/** Pixels a side: just as many as are decoded. */
const SIDE = 10_000;
const MAXIMUM_KIB = 2e9 / 1024;
/** As many at once as are decoded at once, and one more of each kind. */
const OF_EACH = 4;
/** Longer than this takes on a busy machine: one that hangs is killed, and fails. */
const PATIENCE_MILLISECONDS = 500_000;

const reason = await Deno.stat("/proc/self/status").then(() => "", () => " (ignored: no /proc to read the peak from)");

/** The most memory that a process has held so far, in KiB; undefined once it has ended. */
async function peakOf(pid: number): Promise<number | undefined> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "");
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return peak === undefined ? undefined : Number(peak);
}

/** Runs the program to its end and tells the most memory that it held. */
async function measured(words: string, folder: string) {
  const process = command(words.split(" "), folder).spawn();
  const started = Date.now();
  let peak = 0;
  const timer = setInterval(async () => {
    peak = Math.max(peak, await peakOf(process.pid) ?? 0);
    if (Date.now() - started > PATIENCE_MILLISECONDS) process.kill("SIGKILL");
  }, 50);
  const { code, stderr } = await process.output();
  clearInterval(timer);
  return { code, stderr: new TextDecoder().decode(stderr), peak };
}

Deno.test({
  name: "a whole run over pictures that unfold to giants, or to scans and frames without end, stays under 2 GB" +
    reason,
  ignore: reason !== "",
  fn: () =>
    inFolder(async (folder) => {
      const photos = join(folder, "photos");
      await writePhotos(photos, photoNames(16));
      const giants = ["8-bit.png", "progressive.jpg", "plain.gif"];
      for (const kind of giants) {
        const bytes = await BOMBS[kind](SIDE);
        assert(bytes.length < 3_000_000, `${kind} is small as a file: ${bytes.length}`);
        for (let k = 0; k < OF_EACH; k++) {
          await Deno.writeFile(join(photos, `${k % 2 ? "cat" : "dog"}.${k}.${kind}`), bytes);
        }
      }
      await Deno.writeFile(join(photos, "cat.giant.heic"), await heicFile("giant.heic"));
      await Deno.writeFile(join(photos, "dog.giant.heic"), await heicFile("giant.heic"));
      await Deno.writeFile(join(photos, "cat.plain.tiff"), await BOMBS["plain.tiff"](SIDE));
      await Deno.writeFile(join(photos, "cat.scans.jpg"), scanBomb(SIDE, 882));
      await Deno.writeFile(join(photos, "dog.frames.gif"), await animation("gif", 100, 500));
      await Deno.writeFile(join(photos, "cat.frames.webp"), await animation("webp", 100, 500));
      const { code, stderr, peak } = await measured(overSmall("pipeline"), folder);
      assertEquals(code, 0, stderr);
      assert(peak > 0 && peak < MAXIMUM_KIB, `the run held ${Math.round(peak / 1024)} MiB`);
      const { train, unreadableTrain } = await outputOf(join(folder, "run"), "scan", ScannedPhotos);
      assertEquals(train.length, 32 + giants.length * OF_EACH + 5);
      assertEquals(
        unreadableTrain.map(({ id }) => id),
        ["cat.scans.jpg"],
      );
      assertStringIncludes(unreadableTrain[0].reason, "too slow: the JPEG picture has more than 100 scans");
    }),
});
