import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import sharp from "sharp";
import { FolderError } from "../../../../data/owned/folder_error.ts";
import { drawSample } from "../../../../data/sample/sample_pets.ts";
import { makeFifo, makeSparse } from "../files/awkward_files.ts";
import { photosWith, type PhotoTruth, readTruth, type SampleTruth } from "../../../../data/sample/truth.ts";

const SMALL = { train: 40, test: 10 };
const workplace = await Deno.makeTempDir({ prefix: "sample_pets_" });
globalThis.addEventListener("unload", () => Deno.removeSync(workplace, { recursive: true }));

const folder = join(workplace, "sample");
let truth: SampleTruth;
const fileOf = (photo: PhotoTruth) => join(folder, photo.file);

Deno.test.beforeAll(async () => {
  truth = await drawSample(folder, { seed: 11, ...SMALL });
});

async function pixelCount(path: string): Promise<number> {
  const { width, height } = await sharp(path).metadata();
  return width * height;
}

/** The smallest box that holds every pixel that is clearly not white. */
async function darkBox(path: string): Promise<{ left: number; top: number; right: number; bottom: number }> {
  const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const box = { left: info.width, top: info.height, right: 0, bottom: 0 };
  for (let pixel = 0; pixel < info.width * info.height; pixel++) {
    if (Math.min(data[pixel * 3], data[pixel * 3 + 1], data[pixel * 3 + 2]) > 210) continue;
    const [x, y] = [pixel % info.width, Math.floor(pixel / info.width)];
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x + 1);
    box.top = Math.min(box.top, y);
    box.bottom = Math.max(box.bottom, y + 1);
  }
  return box;
}

Deno.test("drawSample() writes every photo that its truth lists, and nothing else", async () => {
  assertEquals(await readTruth(join(folder, "truth.json")), truth);
  const names: string[] = [];
  for (const set of ["train", "test"]) {
    for await (const entry of Deno.readDir(join(folder, set))) names.push(`${set}/${entry.name}`);
  }
  assertEquals(names.sort(), truth.photos.map((listed) => listed.file).sort());
});

Deno.test("drawSample() draws the same bytes for the same seed, and others for another", async () => {
  const [again, other] = [join(workplace, "again"), join(workplace, "other")];
  await drawSample(again, { seed: 11, ...SMALL });
  await drawSample(other, { seed: 12, ...SMALL });
  let changed = 0;
  for (const { file } of truth.photos) {
    const bytes = await Deno.readFile(join(folder, file));
    assertEquals(bytes, await Deno.readFile(join(again, file)));
    const elsewhere = await Deno.readFile(join(other, file));
    if (bytes.length !== elsewhere.length || bytes.some((byte, index) => byte !== elsewhere[index])) changed++;
  }
  assert(changed >= truth.photos.length - 2, `only ${changed} photos differ`);
});

Deno.test("drawSample() leaves a finished sample as it is", async () => {
  const before = await Deno.stat(fileOf(truth.photos[0]));
  let drawn = 0;
  assertEquals(await drawSample(folder, { seed: 11, ...SMALL, onProgress: () => drawn++ }), truth);
  assertEquals(drawn, 0);
  assertEquals((await Deno.stat(fileOf(truth.photos[0]))).mtime, before.mtime);
});

Deno.test("drawSample() that is stopped leaves nothing that counts as whole, and starts over", async () => {
  const stopped = join(workplace, "stopped");
  const stop = new AbortController();
  const onProgress = (done: number) => done === 5 ? stop.abort(new Error("enough")) : undefined;
  await assertRejects(
    () => drawSample(stopped, { seed: 11, ...SMALL, abortSignal: stop.signal, onProgress }),
    Error,
    "enough",
  );
  const left = await Array.fromAsync(Deno.readDir(join(stopped, "train")));
  assertEquals([left, await Array.fromAsync(Deno.readDir(join(stopped, "test")))], [[], []]);
  await assertRejects(() => Deno.stat(join(stopped, "truth.json")), Deno.errors.NotFound);
  assertEquals(await drawSample(stopped, { seed: 11, ...SMALL }), truth);
});

Deno.test("drawSample() replaces an earlier sample's photos, and nobody else's files", async () => {
  const replaced = join(workplace, "replaced");
  const larger = { train: SMALL.train + 10, test: SMALL.test };
  await drawSample(replaced, { seed: 1, ...larger });
  const theirs = ["letter.txt", "train/cat.4711.jpg", "test/letter.txt"];
  for (const path of theirs) await Deno.writeTextFile(join(replaced, path), path);
  const { photos } = await drawSample(replaced, { seed: 2, ...SMALL });
  for (const path of theirs) assertEquals(await Deno.readTextFile(join(replaced, path)), path);
  const names: string[] = [];
  for (const set of ["train", "test"]) {
    for await (const { name } of Deno.readDir(join(replaced, set))) names.push(`${set}/${name}`);
  }
  assertEquals(names.sort(), [...theirs.slice(1), ...photos.map(({ file }) => file)].sort());
});

Deno.test("drawSample() refuses a file that stands where a photo should, before it removes any", async () => {
  const place = join(workplace, "place");
  await drawSample(place, { seed: 1, ...SMALL });
  const theirs = join(place, `train/cat.${SMALL.train / 2}.jpg`);
  await Deno.writeTextFile(theirs, "theirs");
  const before = await readTruth(join(place, "truth.json"));
  const larger = () => drawSample(place, { seed: 1, train: SMALL.train + 10, test: SMALL.test });
  await assertRejects(larger, FolderError, `Cannot write ${theirs}: expected nothing there`);
  assertEquals(await Deno.readTextFile(theirs), "theirs");
  assertEquals(await readTruth(join(place, "truth.json")), before);
});

Deno.test("drawSample() takes no folder that it did not make, whatever it looks like", async () => {
  const foreign = join(workplace, "foreign");
  await Deno.mkdir(join(foreign, "train"), { recursive: true });
  await Deno.writeTextFile(join(foreign, "train/cat.1.jpg"), "a photo of somebody's");
  await Deno.copyFile(join(folder, "truth.json"), join(foreign, "truth.json"));
  for (const seed of [11, 12]) {
    await assertRejects(() => drawSample(foreign, { seed, ...SMALL }), FolderError, "got one that holds train. Name");
  }
  assertEquals(await Deno.readTextFile(join(foreign, "train/cat.1.jpg")), "a photo of somebody's");
});

// `deno task sample --out DIR` waited for the pipe, deaf to Ctrl-C.
Deno.test("readTruth() and drawSample() wait for no pipe, and read no giant", async () => {
  for (const [name, make] of [["pipe", makeFifo], ["giant", (path: string) => makeSparse(path, 1e11)]] as const) {
    const foreign = join(workplace, name);
    await Deno.mkdir(foreign);
    await make(join(foreign, "truth.json"));
    await assertRejects(() => readTruth(join(foreign, "truth.json")));
    await assertRejects(
      () => drawSample(foreign, { seed: 11, ...SMALL }),
      FolderError,
      "got one that holds truth.json",
    );
  }
});

Deno.test("drawSample() saves baseline JPEGs of varied sizes", async () => {
  const sizes = new Set<string>();
  for (const listed of truth.photos) {
    if (listed.planted === "not_a_picture") continue;
    const { format, width, height, isProgressive } = await sharp(fileOf(listed)).metadata();
    assertEquals(format, "jpeg");
    assert(!isProgressive);
    sizes.add(`${width}x${height}`);
  }
  assert(sizes.size > 20);
});

Deno.test("drawSample() keeps tiny photos under 3,600 pixels, and one at exactly 3,600", async () => {
  for (const tiny of photosWith(truth, "tiny")) {
    const count = tiny.box === undefined ? await pixelCount(fileOf(tiny)) : tiny.box.width * tiny.box.height;
    assert(count < 3600);
  }
  const [exact] = photosWith(truth, "exactly_3600_pixels");
  assert(exact.box !== undefined);
  assertEquals(exact.box.width * exact.box.height, 3600);
  assert(await pixelCount(fileOf(exact)) > 3600);
});

Deno.test("drawSample() puts white borders where the truth says", async () => {
  const bordered = truth.photos.filter((listed) => listed.box !== undefined);
  assert(bordered.length >= 3);
  for (const { file, box } of bordered) {
    if (box === undefined) continue;
    const found = await darkBox(join(folder, file));
    const expected = { left: box.left, top: box.top, right: box.left + box.width, bottom: box.top + box.height };
    for (const side of ["left", "top", "right", "bottom"] as const) {
      assert(Math.abs(found[side] - expected[side]) <= 2, `${file}: ${side} ${found[side]}, not ${expected[side]}`);
    }
  }
});

Deno.test("drawSample() copies exact duplicates byte for byte, and saves near ones again", async () => {
  for (const planted of ["exact_duplicate", "near_duplicate"] as const) {
    for (const copy of photosWith(truth, planted)) {
      const original = truth.photos.find(({ id }) => id === copy.duplicateOf);
      assert(original !== undefined);
      const [first, second] = [await Deno.readFile(fileOf(original)), await Deno.readFile(fileOf(copy))];
      (planted === "exact_duplicate" ? assertEquals : assertNotEquals)(first, second);
      const [a, b] = await Promise.all(
        [first, second].map((jpeg) => sharp(jpeg).resize(16, 16, { fit: "fill" }).raw().toBuffer()),
      );
      const difference = a.reduce((sum, value, index) => sum + Math.abs(value - b[index]), 0) / a.length;
      assert(difference < 12, `${copy.id} is unlike ${original.id}: ${difference}`);
    }
  }
});

Deno.test("drawSample() truncates one photo and writes text in place of another", async () => {
  const [truncated] = photosWith(truth, "truncated");
  assert(await pixelCount(fileOf(truncated)) > 3600);
  await assertRejects(() => sharp(fileOf(truncated)).raw().toBuffer());
  for (const text of photosWith(truth, "not_a_picture")) {
    await assertRejects(() => sharp(fileOf(text)).metadata());
  }
});
