import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import sharp from "sharp";
import { drawSample } from "../../../../data/sample/sample_pets.ts";
import { photosWith, type PhotoTruth, readTruth } from "../../../../data/sample/truth.ts";

const SMALL = { train: 40, test: 10 };
const workplace = await Deno.makeTempDir({ prefix: "sample_pets_" });
globalThis.addEventListener("unload", () => Deno.removeSync(workplace, { recursive: true }));

const folder = join(workplace, "sample");
const truth = await drawSample(folder, { seed: 11, ...SMALL });
const fileOf = (photo: PhotoTruth) => join(folder, photo.file);
const photo = (id: string) => truth.photos.find((other) => other.id === id);

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
  await assertRejects(() => Deno.stat(stopped), Deno.errors.NotFound);
  assertEquals(await drawSample(stopped, { seed: 11, ...SMALL }), truth);
});

Deno.test("drawSample() replaces an earlier sample and refuses a folder with anything else in it", async () => {
  const replaced = join(workplace, "replaced");
  await drawSample(replaced, { seed: 1, ...SMALL });
  assertEquals((await drawSample(replaced, { seed: 2, ...SMALL })).seed, 2);
  await Deno.writeTextFile(join(replaced, "letter.txt"), "keep me");
  await assertRejects(() => drawSample(replaced, { seed: 3, ...SMALL }), Error, "got letter.txt in it");
  assertEquals(await Deno.readTextFile(join(replaced, "letter.txt")), "keep me");
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
      const original = photo(copy.duplicateOf ?? "");
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
