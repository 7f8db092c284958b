import { join, resolve } from "@std/path";
import { assert, assertAlmostEquals, assertEquals, assertLessOrEqual } from "@std/assert";
import { InferenceSession, Tensor } from "onnxruntime-node";
import type { Sharp } from "sharp";
import { z } from "zod";
import { decodePhoto } from "../../../data/picture/decode.ts";
import { TrimmedPhotos } from "../../../pipeline/photos/photo.ts";
import { Predictions } from "../../../pipeline/predictions/predicted_photos.ts";
import { oneBatch } from "../../integration/data/picture/one_batch.ts";
import { asSharp } from "../../integration/data/picture/pictures.ts";
import { realPhoto, testWithRealPhotos } from "../../integration/data/real_photos.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { filesBelow, runWell } from "../command_line.ts";
import { outputOf } from "../run_files.ts";
import { runSmall } from "../small_run.ts";
import { writeAwkwardPhotos } from "./awkward_photos.ts";
import { pythonHas, runPython, runSnippet, type Snippet } from "./snippets.ts";

/** P(dog) of a program from the page and of `predict` differ by the rounding of pixels: the most, and on the mean. */
const MOST_APART = 0.05;
const MEAN_APART = 0.005;
/** With Pillow's edges, and without a cut of borders. */
const BATCHES_APART = 0.1;

const PYTHON_NEEDS = ["onnxruntime", "numpy", "PIL"];

/** A test that needs a Python with packages; where it is not there, the test's name says that it was left out. */
function testWithPython(name: string, packages: readonly string[], run: () => Promise<void>): void {
  const missing = !pythonHas(...packages);
  const why = ` (left out: no Python with ${packages.join(", ")}; PYTHON names one)`;
  Deno.test({ name: missing ? name + why : name, ignore: missing, fn: run });
}

const root = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));
const exportedBy = new Map<string, Promise<string>>();

/** A test in a folder with a run by a recipe, exported to `onnx`, which all tests of the recipe share. */
async function withExport(recipe: string, test: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(root, recipe);
  const making = exportedBy.get(recipe) ?? Deno.mkdir(folder).then(() => exported(folder, recipe));
  exportedBy.set(recipe, making);
  await making;
  await test(folder);
}

/** A finished run of the small sample, exported to `folder/onnx`. */
async function exported(folder: string, recipe = "linear-probe"): Promise<string> {
  await runSmall(folder, { recipe });
  await runWell("export --run run --to onnx --batches", folder);
  return join(folder, "onnx");
}

/** P(dog) by `deno task predict`. */
async function predicted(photos: readonly string[], folder: string): Promise<number[]> {
  const { stdout } = await runWell(`predict --run run --backend onnx --json ${photos.join(" ")}`, folder);
  return z.array(z.object({ pDog: z.number() })).parse(JSON.parse(stdout)).map(({ pDog }) => pDog);
}

/** Photos of every kind that is decoded, the sample's own among them, which have white borders here and there. */
async function awkwardPhotos(folder: string): Promise<string[]> {
  const own = (await filesBelow(join(folder, "photos/train"))).filter((path) => /\.[0-3]?\d\.jpg$/.test(path));
  const paths = await writeAwkwardPhotos(folder, (photo) => ({ "small.png": photo().resize(70, 61).png() }));
  const readable = await Promise.all(
    own.map((path) => Deno.readFile(path).then(decodePhoto).then(() => [path], () => [])),
  );
  return [...readable.flat(), ...paths];
}

function assertNear(found: readonly number[], expected: readonly number[], photos: readonly string[]): void {
  const apart = found.map((pDog, k) => Math.abs(pDog - expected[k]));
  apart.forEach((difference, k) => assertLessOrEqual(difference, MOST_APART, photos[k]));
  assertLessOrEqual(apart.reduce((sum, difference) => sum + difference) / apart.length, MEAN_APART);
}

for (const recipe of ["linear-probe", "hellinger", "writeup"]) {
  Deno.test(`export by the ${recipe} recipe writes one file: a photo in, and out what predict says`, () =>
    withExport(recipe, async (folder) => {
      const { stdout } = await runWell("export --run run --to alone", folder);
      assertEquals(stdout, "alone/classifier.onnx\n");
      const photos = await awkwardPhotos(folder);
      assertNear(await runSnippet("js photo", photos, join(folder, "alone")), await predicted(photos, folder), photos);
    }));

  Deno.test(`export --batches by the ${recipe} recipe: the run's own pixels give what the run predicted`, () =>
    withExport(recipe, async (folder) => {
      const session = await InferenceSession.create(join(folder, "onnx/classifier_batches.onnx"));
      const run = join(folder, "run");
      const { validation } = await outputOf(run, "predict", Predictions);
      const boxes = new Map((await outputOf(run, "trim", TrimmedPhotos)).train.map(({ id, box }) => [id, box]));
      const toTransform = validation.map(({ id }) => ({
        read: () => Deno.readFile(join(folder, "photos/train", id)),
        box: boxes.get(id),
      }));
      const sizes = session.inputMetadata.map((input) => input.isTensor ? Number(input.shape[1]) : 0);
      const batches = await oneBatch(toTransform, sizes);
      const feeds = session.inputNames.map((name, k) => [name, new Tensor("uint8", batches[k].data, batches[k].shape)]);
      const { p_dog: { dims, data } } = await session.run(Object.fromEntries(feeds));
      assertEquals(dims, [validation.length]);
      validation.forEach(({ id, pDog }, k) => assertAlmostEquals(Number(data[k]), pDog, 1e-5, id));
    }));
}

Deno.test("a white border changes nothing of what the exported file says", () =>
  withExport("linear-probe", async (folder) => {
    const session = await InferenceSession.create(join(folder, "onnx/classifier.onnx"));
    const say = async (picture: Sharp) => {
      const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
      const { p_dog } = await session.run({ photo: new Tensor("uint8", data, [info.height, info.width, 3]) });
      return p_dog.data;
    };
    const pixels = await decodePhoto(await Deno.readFile(join(folder, "photos/train/cat.1.jpg")));
    const bordered = asSharp(pixels).extend({ top: 12, bottom: 0, left: 31, right: 5, background: "white" });
    assertEquals(await say(bordered), await say(asSharp(pixels)));
  }));

Deno.test("the page's program in JavaScript for batches says what predict says of photos without borders", () =>
  withExport("linear-probe", async (folder) => {
    const photos = await photosWithoutBorders(folder);
    await assertBatches("js batches", photos, folder);
  }));

testWithPython(
  "the page's programs in Python say what predict says",
  PYTHON_NEEDS,
  () =>
    withExport("linear-probe", async (folder) => {
      const photos = await awkwardPhotos(folder);
      assertNear(
        await runSnippet("python photo", photos, join(folder, "onnx")),
        await predicted(photos, folder),
        photos,
      );
      await assertBatches("python batches", await photosWithoutBorders(folder), folder);
    }),
);

testWithPython(
  "the exported files hold what ONNX's own checker asks for",
  ["onnx"],
  async () => {
    const files = ["classifier.onnx", "classifier_batches.onnx"];
    const check = "import onnx, sys\nfor path in sys.argv[1:]: onnx.checker.check_model(path, full_check=True)";
    for (const recipe of ["linear-probe", "writeup"]) {
      await withExport(recipe, async (folder) => void await runPython(check, files, join(folder, "onnx")));
    }
  },
);

testWithRealPhotos(
  "the page's program in JavaScript says what predict says of real photos",
  () =>
    withExport("linear-probe", async (folder) => {
      const photos = [
        "cat.835",
        "cat.947",
        "dog.74",
        "dog.980",
        "cat.1",
        "cat.10",
        "cat.100",
        "dog.1",
        "dog.10",
        "dog.100",
      ]
        .map((name) => resolve(realPhoto(`train/${name}.jpg`).pathname));
      assertNear(await runSnippet("js photo", photos, join(folder, "onnx")), await predicted(photos, folder), photos);
    }),
);

Deno.test("a file for batches does not outlive the classifier that it was made of", () =>
  inFolder(async (folder) => {
    const onnx = await exported(folder);
    const names = async () => (await filesBelow(onnx)).map((path) => path.slice(onnx.length + 1));
    assert((await names()).includes("classifier_batches.onnx"));
    await runWell("export --run run --to onnx", folder);
    assertEquals((await names()).filter((name) => name.endsWith(".onnx")), ["classifier.onnx"]);
  }));

/** Photos that are larger than the squares and have no border to cut. */
async function photosWithoutBorders(folder: string): Promise<string[]> {
  const { train } = await outputOf(join(folder, "run"), "trim", TrimmedPhotos);
  const whole = await Promise.all(train.map(async ({ id, box }) => {
    const path = join(folder, "photos/train", id);
    const { width, height } = await decodePhoto(await Deno.readFile(path));
    return box.width === width && box.height === height && Math.min(width, height) >= 200 ? [path] : [];
  }));
  return whole.flat().slice(0, 12);
}

async function assertBatches(snippet: Snippet, photos: readonly string[], folder: string): Promise<void> {
  assertEquals(photos.length, 12);
  const [found, expected] = [await runSnippet(snippet, photos, join(folder, "onnx")), await predicted(photos, folder)];
  expected.forEach((pDog, k) => assertAlmostEquals(found[k], pDog, BATCHES_APART, photos[k]));
}
