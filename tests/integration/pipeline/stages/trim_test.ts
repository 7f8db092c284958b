import { join } from "@std/path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import sharp from "sharp";
import { photoFacts } from "../../../../data/picture/facts/photo_facts.ts";
import { openPhotoSource } from "../../../../data/source/photo_source.ts";
import { ScannedPhotos, TrimmedPhotos } from "../../../../pipeline/photos/photo.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { scan } from "../../../../pipeline/stages/scan.ts";
import { trim } from "../../../../pipeline/stages/trim.ts";
import { KnownFacts } from "../../../../pipeline/store/known_facts.ts";
import { runFolder, StageFolder, stageFolder } from "../../../../pipeline/store/run_folder.ts";
import { photoNames, writePhotos } from "../../../end_to_end/command_line.ts";
import { inFolder } from "../in_folder.ts";
import { fakeToolsWith } from "../runner/fake_tools.ts";

const LABELLED = photoNames(4);
const TO_PREDICT = ["1.jpg", "2.jpg", "3.jpg"];
/** Of each set, with a white border. */
const BORDERED = { train: "cat.1.jpg", test: "2.jpg" };

const FACTS = "facts.jsonl";

async function addBorder(path: string): Promise<void> {
  const photo = sharp(await Deno.readFile(path));
  const wider = photo.extend({ top: 9, bottom: 9, left: 12, right: 12, background: "#ffffff" });
  await Deno.writeFile(path, await wider.jpeg({ quality: 95 }).toBuffer());
}

/** A folder of photos of both sets, beside a run's. */
function withPhotos(test: (folder: string) => Promise<void>) {
  return () =>
    inFolder(async (folder) => {
      await writePhotos(join(folder, "train"), LABELLED);
      await writePhotos(join(folder, "test"), TO_PREDICT);
      for (const set of ["train", "test"] as const) await addBorder(join(folder, set, BORDERED[set]));
      await test(folder);
    });
}

/** The facts of photos in the folder's run, and what scan and trim are given to work with. */
async function work(folder: string, decode: typeof photoFacts, trimTest = true) {
  const photosOf = (set: string) => join(folder, set);
  const settings = { ...DEFAULT_SETTINGS, data: photosOf("train"), test: photosOf("test"), trimTest };
  const facts = new KnownFacts(new StageFolder(runFolder(join(folder, "run"))), FACTS, decode);
  const tools = fakeToolsWith(join(folder, "run/stage"), {
    facts,
    runFolder: stageFolder(join(folder, "run"), ""),
    photos: (set: string) => openPhotoSource(photosOf(set)),
    hashOf: () => Promise.reject(new Error("Cannot hash in this test: scan hashes what it decodes")),
  });
  return { config: await configOf(settings, join(folder, "run")), tools };
}

/** Scans and trims the photos of a folder as a new process does, with a decoder that counts. */
async function scanAndTrim(folder: string, { trimTest = true, failAt = Infinity } = {}) {
  const counts = { scan: 0, trim: 0 };
  let stage: keyof typeof counts = "scan";
  const underWay: Promise<unknown>[] = [];
  const { config, tools } = await work(folder, async (bytes) => {
    if (++counts[stage] > failAt) {
      // Photos are decoded several at a time: those before have to be noted, or how many were is chance.
      await Promise.all(underWay);
      await new Promise((resolve) => setTimeout(resolve, 50));
      throw new Error("stopped");
    }
    const facts = photoFacts(bytes);
    underWay.push(facts);
    return await facts;
  }, trimTest);
  const scanned = await scan.run({}, config, tools);
  stage = "trim";
  const trimmed = await trim.run({ scan: scanned.output }, config, tools);
  assertEquals([scanned.details, trimmed.details], [{ decoded: counts.scan, leftOut: "" }, { decoded: counts.trim }]);
  return { counts, scanned: ScannedPhotos.parse(scanned.output), trimmed: TrimmedPhotos.parse(trimmed.output) };
}

const ALL = LABELLED.length + TO_PREDICT.length;

Deno.test(
  "scan decodes each photo once, and trim none: not after a rerun, a rename or a move either",
  withPhotos(async (folder) => {
    const first = await scanAndTrim(folder);
    assertEquals(first.counts, { scan: ALL, trim: 0 });
    const again = await scanAndTrim(folder);
    assertEquals(again, { ...first, counts: { scan: 0, trim: 0 } });

    for (const name of LABELLED) {
      const moved = join(folder, "train/moved", name.replace(".", ".9"));
      await Deno.mkdir(join(folder, "train/moved"), { recursive: true });
      await Deno.rename(join(folder, "train", name), moved);
    }
    const { counts, trimmed } = await scanAndTrim(folder);
    assertEquals(counts, { scan: 0, trim: 0 });
    const named = (id: string) => `moved/${id.replace(".", ".9")}`;
    assertEquals(trimmed.train, first.trimmed.train.map((photo) => ({ ...photo, id: named(photo.id) })));
  }),
);

Deno.test(
  "a copied photo costs no decode, and a changed one costs its own",
  withPhotos(async (folder) => {
    await scanAndTrim(folder);
    await Deno.copyFile(join(folder, "train/cat.0.jpg"), join(folder, "train/cat.99.jpg"));
    await addBorder(join(folder, "train/dog.2.jpg"));
    const { counts, scanned, trimmed } = await scanAndTrim(folder);
    assertEquals([counts, scanned.train.length], [{ scan: 1, trim: 0 }, LABELLED.length + 1]);
    const changed = trimmed.train.find(({ id }) => id === "dog.2.jpg");
    assert(changed && changed.box.left >= 10, JSON.stringify(changed));
  }),
);

Deno.test(
  "photos to predict that are not trimmed have their whole box and the hash of all of it",
  withPhotos(async (folder) => {
    const { trimmed } = await scanAndTrim(folder);
    const whole = await scanAndTrim(folder, { trimTest: false });
    assertEquals(whole.counts, { scan: 0, trim: 0 });
    assertEquals(whole.trimmed.train, trimmed.train);
    for (const [k, { id, box, hash }] of whole.trimmed.test.entries()) {
      const { width, height, wholeHash } = await photoFacts(await Deno.readFile(join(folder, "test", id)));
      assertEquals({ box, hash }, { box: { left: 0, top: 0, width, height }, hash: wholeHash });
      assertEquals(hash === trimmed.test[k].hash, id !== BORDERED.test);
    }
    const bordered = trimmed.train.find(({ id }) => id === BORDERED.train);
    assertEquals(bordered && [bordered.box.left, bordered.box.top], [12, 9]);
  }),
);

Deno.test(
  "trim gives the same when the facts were lost after scan: it decodes",
  withPhotos(async (folder) => {
    const first = await scanAndTrim(folder);
    await Deno.remove(join(folder, "run", FACTS));
    const { config, tools } = await work(folder, photoFacts);
    const trimmed = await trim.run({ scan: first.scanned }, config, tools);
    assertEquals([trimmed.output, trimmed.details], [first.trimmed, { decoded: ALL }]);
  }),
);

Deno.test(
  "a scan that is stopped goes on with the photos that it had not decoded",
  withPhotos(async (folder) => {
    const decoded = 4;
    await assertRejects(() => scanAndTrim(folder, { failAt: decoded }), Error, "stopped");
    assertEquals((await scanAndTrim(folder)).counts, { scan: ALL - decoded, trim: 0 });
  }),
);
