import { join } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import sharp from "sharp";
import { z } from "zod";
import { ScannedPhotos, TrimmedPhotos } from "../../../pipeline/photos/photo.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, photoNames, runWell, writePhotos } from "../command_line.ts";
import { damage } from "../runs/damage.ts";
import { manifestOf, outputOf, stagesRun, submissionOf } from "../run_files.ts";
import { drawSmall, overSmall, runSmall } from "../small_run.ts";

const FACTS = "run/facts.jsonl";
const SCAN = "stage scan --data photos --weights mini --out run";

/** How many photos a stage decoded when it last ran. */
async function decodedBy(folder: string, stage: "scan" | "trim"): Promise<number> {
  const { details } = await manifestOf(join(folder, "run"), stage);
  return z.object({ decoded: z.number() }).parse(details).decoded;
}

const computed = async (folder: string) => (await manifestOf(join(folder, "run"), "transform")).counts.computed;

/** What scan and trim gave. */
async function foundIn(folder: string) {
  const out = join(folder, "run");
  return [await outputOf(out, "scan", ScannedPhotos), await outputOf(out, "trim", TrimmedPhotos)];
}

Deno.test("a run decodes a photo in scan and in transform; once all photos are renamed, nowhere", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    const { train, test, unreadableTrain, unreadableTest } = await outputOf(join(folder, "run"), "scan", ScannedPhotos);
    const contents = new Set([...train, ...test].map(({ sha256 }) => sha256));
    const unreadable = unreadableTrain.length + unreadableTest.length;
    assertEquals(await decodedBy(folder, "scan"), contents.size + unreadable);
    assertEquals(await decodedBy(folder, "trim"), 0);
    assert(await computed(folder) > 0);

    const { rows } = await submissionOf(join(folder, "run"));
    const photos = join(folder, "photos/train");
    for (const { id } of train) await Deno.rename(join(photos, id), join(photos, id.replace(".", ".77")));
    const { stderr } = await runWell(overSmall("pipeline"), folder);
    assertStringIncludes(stderr, "scan (the training photos changed)");
    for (const stage of ["scan", "trim", "transform"]) assert(stagesRun(stderr).includes(stage), stderr);
    // What is no photo is tried again each time.
    assertEquals(await decodedBy(folder, "scan"), unreadable);
    assertEquals(await decodedBy(folder, "trim"), 0);
    assertEquals(await computed(folder), 0);
    assertEquals((await submissionOf(join(folder, "run"))).rows.length, rows.length);
  }));

Deno.test("damaged, lost and foreign facts are computed again, to the same result", () =>
  inFolder(async (folder) => {
    await drawSmall(folder);
    await runWell(overSmall("stage trim"), folder);
    const all = await decodedBy(folder, "scan");
    const found = await foundIn(folder);
    const path = join(folder, FACTS);
    const whole = await Deno.readFile(path);
    for (const edit of ["zeros", "half", "longer", "empty", "gone", "a link to /dev/null"] as const) {
      await damage(path, edit, "", .4);
      // Another photo lets scan and trim run; when it is gone again they have to give what they gave.
      const more = join(folder, "photos/train/cat.9999.jpg");
      await Deno.copyFile(join(folder, "photos/train/dog.1.jpg"), more);
      await runWell(overSmall("stage trim"), folder);
      const again = await decodedBy(folder, "scan");
      assert(edit === "longer" ? again < 10 : again > 0 && again <= all, `${edit}: decoded ${again} of ${all}`);
      await Deno.remove(more);
      await runWell(overSmall("stage trim"), folder);
      assertEquals(await foundIn(folder), found, edit);
      assertEquals(await decodedBy(folder, "trim"), 0);
      await Deno.writeFile(path, whole);
    }
    await runWell(`${overSmall("stage scan")} --force`, folder);
    assertEquals(await decodedBy(folder, "scan"), all, "--force decodes anew");
    assertEquals(await foundIn(folder), found);
  }));

Deno.test("a scan that is killed goes on where it was", () =>
  inFolder(async (folder) => {
    const [each, slowOnes] = [150, 8];
    const photos = join(folder, "photos");
    await writePhotos(photos, photoNames(each));
    // They come last, and take a while.
    const slow = await sharp({ create: { width: 4000, height: 4000, channels: 3, background: "white" } })
      .png({ compressionLevel: 1 }).toBuffer();
    for (let k = 0; k < slowOnes; k++) {
      // What follows a PNG's end is no part of the picture.
      await Deno.writeFile(join(photos, `dog.z.${k}.png`), new Uint8Array([...slow, k]));
    }
    const child = command(SCAN.split(" "), folder).spawn();
    const ended = child.output();
    let isOver = false;
    void ended.then(() => isOver = true);
    while (!isOver && !await Deno.stat(join(folder, FACTS)).then(() => true, () => false)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    child.kill("SIGKILL");
    assertEquals((await ended).signal, "SIGKILL");
    const { stderr } = await runWell(SCAN, folder);
    assertStringIncludes(stderr, "going on from where it was stopped");
    const decoded = await decodedBy(folder, "scan");
    assert(decoded > 0 && decoded < each, `decoded ${decoded}`);
    assertEquals((await outputOf(join(folder, "run"), "scan", ScannedPhotos)).train.length, 2 * each + slowOnes);
  }));
