import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import sharp from "sharp";
import { ScannedPhotos } from "../../../pipeline/photos/photo.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, photoNames, runWell, writePhotos } from "../command_line.ts";
import { outputOf } from "../run_files.ts";

const TRIM = "stage trim --data photos --weights mini --out run";
const TRANSFORM = "stage transform --data photos --weights mini --backend onnx --out run";
/** Comes last of all photos, behind some that take a while. */
const LAST = "dog.z.jpg";

/** Photos of which the first take seconds to transform. */
async function writeSlowPhotos(folder: string): Promise<void> {
  await writePhotos(folder, [...photoNames(3), LAST]);
  const picture = sharp({ create: { width: 4000, height: 4000, channels: 3, background: "white" } });
  const slow = await picture.png({ compressionLevel: 1 }).toBuffer();
  for (let k = 0; k < 10; k++) await Deno.writeFile(join(folder, `cat.0.${k}.png`), slow);
}

/** Runs `stage transform` and changes a photo as soon as that has begun; gives what was printed to standard error. */
async function transformWhile(folder: string, change: () => Promise<void>): Promise<{ code: number; stderr: string }> {
  const process = command(TRANSFORM.split(" "), folder).spawn();
  void process.stdout.cancel();
  let stderr = "";
  let changed = false;
  for await (const text of process.stderr.pipeThrough(new TextDecoderStream())) {
    stderr += text;
    if (changed || !stderr.includes("\ntransform (")) continue;
    changed = true;
    await change();
  }
  return { code: (await process.status).code, stderr };
}

const CHANGES: Record<string, (path: string) => Promise<void>> = {
  "got unreadable: nothing there": (path) => Deno.remove(path),
  "got another": (path) => Deno.truncate(path, 300),
  "got unreadable: a folder, not a regular file": async (path) => {
    await Deno.remove(path);
    await Deno.mkdir(path);
  },
};

// It ended in "error: unreadable: nothing there", which named no photo.
for (const [reason, change] of Object.entries(CHANGES)) {
  Deno.test(`a photo that changes after it was scanned is named (${reason}), and the same command goes on`, () =>
    inFolder(async (folder) => {
      const photos = join(folder, "photos");
      await writeSlowPhotos(photos);
      const { code, stderr } = await transformWhile(folder, () => change(join(photos, LAST)));
      assertEquals(code, 1, stderr);
      const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
      assertEquals(errors.length, 1, stderr);
      assertStringIncludes(errors[0], `Cannot use ${LAST} of the train photos: expected the photo as it was scanned, `);
      assertStringIncludes(errors[0], reason);
      assertMatch(errors[0], /run the same command again/);
      await runWell(TRANSFORM, folder);
      const { train } = await outputOf(join(folder, "run"), "scan", ScannedPhotos);
      assertEquals([train.length, train.some(({ id }) => id === LAST)], [16, false]);
    }));
}

// Size and time alone passed for the same contents: the old hash stood for good.
Deno.test("a photo that is replaced by one of the same size and time is scanned again", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos");
    await writePhotos(photos, photoNames(3));
    const [path, longAgo] = [join(photos, "cat.0.jpg"), new Date(2001, 1, 1)];
    await Deno.utime(path, longAgo, longAgo);
    await runWell(TRIM, folder);
    const contents = await Deno.readFile(path);
    const other = new Uint8Array(contents.length);
    other.set((await Deno.readFile(join(photos, "dog.0.jpg"))).subarray(0, contents.length));
    // The system keeps the time of a change in seconds.
    await new Promise((resolve) => setTimeout(resolve, 1100));
    await Deno.writeFile(path, other);
    await Deno.utime(path, longAgo, longAgo);
    const { stderr } = await runWell(TRIM, folder);
    assert(stderr.includes("scan (the training photos changed)"), stderr);
  }));
