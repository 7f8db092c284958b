import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import sharp from "sharp";
import { Scan } from "../../../pipeline/photos/photo.ts";
import { HEIC_PHOTOS, heicFile } from "../../integration/data/picture/heic/heic_files.ts";
import { zipFile } from "../../integration/data/source/zip_file.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { photoNames, run, runWell, writePhotos } from "../command_line.ts";
import { manifestOf, outputOf } from "../run_files.ts";
import { overSmall } from "../small_run.ts";

/** Files that are no photos, as they lie among photos. */
const BESIDE = [
  "clip.mov",
  "IMG_2.MP4",
  "raw.dng",
  "scan.bmp",
  "logo.svg",
  "a.pdf",
  ".DS_Store",
  "._cat.0.jpg",
  "x.txt",
];

/** The words that tell of them. */
const TOLD = "2 videos (clip.mov, IMG_2.MP4), 1 camera's raw file (raw.dng), 1 BMP picture (scan.bmp), 1 SVG drawing " +
  "(logo.svg), 1 PDF (a.pdf), 2 files of the system's (._cat.0.jpg, .DS_Store), 1 other file (x.txt)";

async function writeBeside(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const name of BESIDE) await Deno.writeTextFile(join(folder, name), name);
}

Deno.test("a folder of HEIC photos alone runs from scan to report, and new ones are predicted", () =>
  inFolder(async (folder) => {
    await Deno.symlink(HEIC_PHOTOS, join(folder, "photos"));
    await Deno.mkdir(join(folder, "new"));
    await Deno.copyFile(join(HEIC_PHOTOS, "cat.0.heic"), join(folder, "new/IMG_1.HEIC"));
    await Deno.copyFile(join(HEIC_PHOTOS, "dog.0.heic"), join(folder, "new/sent.jpg"));
    await runWell(overSmall("pipeline") + " --test new", folder);
    const { train, test, unreadableTrain } = await outputOf(join(folder, "run"), "scan", Scan);
    assertEquals([train.length, test.length, unreadableTrain.length], [16, 2, 0]);
    assertEquals([train[0].width, train[0].height], [96, 80]);
    const report = await Deno.readTextFile(join(folder, "run/report/report.html"));
    assertStringIncludes(report, "data:image/jpeg;base64,");
    const { stdout } = await runWell("predict new --run run --json", folder);
    const predictions: { photo: string }[] = JSON.parse(stdout);
    assertEquals(predictions.map(({ photo }) => photo), ["new/IMG_1.HEIC", "new/sent.jpg"]);
    await writeBeside(join(folder, "more"));
    const none = await run(["predict", "more", "--run", "run"], folder);
    assertEquals(none.code, 1);
    assertStringIncludes(
      none.stderr,
      `Cannot predict more: expected pictures (JPEG, PNG, WebP, GIF, TIFF, AVIF, HEIC)`,
    );
    assertStringIncludes(none.stderr, `got ${TOLD}`);
    await Deno.copyFile(join(HEIC_PHOTOS, "cat.0.heic"), join(folder, "more/IMG_1.HEIC"));
    const some = await runWell("predict more --run run --json", folder);
    assertEquals(JSON.parse(some.stdout).length, 1);
    assertStringIncludes(some.stderr, `warning: more: left out: ${TOLD}`);
  }));

Deno.test("photos of every format are scanned beside files that are none, which are counted and named", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos");
    await writePhotos(photos, photoNames(2));
    const drawn = await heicFile("drawn.png");
    await Deno.writeFile(join(photos, "cat.5.tif"), await sharp(drawn).tiff({ compression: "lzw" }).toBuffer());
    await Deno.writeFile(join(photos, "cat.6.avif"), await sharp(drawn).avif().toBuffer());
    await Deno.writeFile(join(photos, "dog.5.jpg"), await sharp(drawn).avif().toBuffer());
    await Deno.writeFile(join(photos, "dog.6.HEIC"), await heicFile("tiles.heic"));
    await Deno.writeTextFile(join(photos, "dog.7.jpg"), "BM and so on");
    await writeBeside(photos);
    await Deno.mkdir(join(photos, "empty"));
    const { stderr } = await runWell("stage scan --data photos --weights mini --out run", folder);
    assertStringIncludes(stderr, `left out beside the training photos: ${TOLD}, 1 empty folder (empty). To have`);
    assertStringIncludes(stderr, "dog.7.jpg in the training folder is left out: not read here: the file is a BMP");
    const { counts } = await manifestOf(join(folder, "run"), "scan");
    assertEquals(counts, {
      cats: 4,
      dogs: 4,
      "to predict": 0,
      unreadable: 1,
      unlabelled: 0,
      "left out": BESIDE.length,
    });
    const files = [...Deno.readDirSync(photos)].filter(({ isFile }) => isFile).length;
    assertEquals(Object.values(counts).reduce((sum, count) => sum + count), files);
    await Deno.writeTextFile(join(photos, ".later"), "");
    const quiet = await runWell("stage scan --out run", folder);
    assertStringIncludes(quiet.stderr, "up to date");
    await Deno.writeTextFile(join(photos, "later.mov"), "");
    const told = await runWell("stage scan --out run", folder);
    assertStringIncludes(told.stderr, "what lies beside the training photos changed");
    assertStringIncludes(told.stderr, "3 videos (clip.mov, IMG_2.MP4, later.mov)");
  }));

Deno.test("a folder or zip without a photo is refused in a line that names what is in it, by kind", () =>
  inFolder(async (folder) => {
    await writeBeside(join(folder, "photos"));
    await Deno.writeFile(
      join(folder, "photos.zip"),
      zipFile(BESIDE.map((name) => ({ name: `photos/${name}`, bytes: new Uint8Array(3) }))),
    );
    for (const [data, words] of [["photos", TOLD], ["photos.zip", "2 videos (photos/clip.mov, photos/IMG_2.MP4)"]]) {
      const { code, stderr } = await run(
        ["stage", "scan", "--data", data, "--weights", "mini", "--out", "run"],
        folder,
      );
      assertEquals(code, 1);
      const errors = stderr.split("\n").filter((line) => line.startsWith("error: "));
      assertEquals(errors.length, 1, stderr);
      assert(errors[0].startsWith("error: Cannot find photos: expected pictures (JPEG, PNG, WebP, GIF, TIFF,"), stderr);
      assertStringIncludes(errors[0], words);
    }
  }));
