import { join } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { entryOf } from "../../../data/base/entry_of.ts";
import { photosWith, type PhotoTruth, type Planted, readTruth, type SampleTruth } from "../../../data/sample/truth.ts";
import { sha256 } from "../../../pipeline/files/hashing.ts";
import { accuracy, logLoss } from "../../../pipeline/predictions/metrics.ts";
import { RescannedPhotos } from "../../../pipeline/outliers/outliers.ts";
import type { Box } from "../../../data/picture/pixels.ts";
import { FilteredPhotos, ScannedPhotos, SplitPhotos, TrimmedPhotos } from "../../../pipeline/photos/photo.ts";
import { Predictions } from "../../../pipeline/predictions/predicted_photos.ts";
import { STAGE_NAMES } from "../../../pipeline/runner/stage.ts";
import { type Ended, runWell } from "../command_line.ts";
import { manifestOf, outputOf, stagesRun, submissionOf } from "../run_files.ts";
import { runSample } from "../sample_run.ts";

// One run on the whole sample with nothing but defaults, as the README's first command does it; every test looks at it.
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const RUN = join(folder, "runs/sample");
const CACHE = join(folder, "runs/.features");
let ended: Ended;
let truth: SampleTruth;

Deno.test.beforeAll(async () => {
  ended = await runSample(folder);
  truth = await readTruth(join(RUN, "photos/truth.json"));
});

const OUTLIERS: readonly Planted[] = ["wrong_label", "no_animal", "both_animals"];

const fileNames = (photos: readonly PhotoTruth[]) => photos.map(({ file }) => file.split("/")[1]).sort();
const idsOf = (photos: readonly { readonly id: string }[]) => photos.map(({ id }) => id).sort();
const edges = ({ left, top, width, height }: Box) => [left, top, left + width, top + height];

Deno.test("the pipeline ends with a summary on standard output, and progress on the other", () => {
  for (const line of ["4 too small, 3 unreadable", "log loss", "submission.csv"]) {
    assertStringIncludes(ended.stdout, line);
  }
  const names = ended.stdout.split("\n").map((line) => line.slice(0, 12).trim()).filter((name) => name !== "");
  const told = ["photos kept", "dropped", "outliers", "classifier", "validation", "predicted", "report"];
  assertEquals(names, told, ended.stdout);
  assertEquals(stagesRun(ended.stderr), [...STAGE_NAMES]);
});

Deno.test("scan names every broken file of the sample and no other", async () => {
  const scan = await outputOf(RUN, "scan", ScannedPhotos);
  const broken = (set: "train" | "test") =>
    fileNames([...photosWith(truth, "not_a_picture", set), ...photosWith(truth, "truncated", set)]);
  assertEquals(idsOf(scan.unreadableTrain), broken("train"));
  assertEquals(idsOf(scan.unreadableTest), broken("test"));
  assertEquals(scan.train.length + scan.unreadableTrain.length, 400);
  assertEquals(scan.test.length + scan.unreadableTest.length, 100);
  for (const { id, label } of scan.train) assertEquals(label, id.slice(0, 3));
});

Deno.test("trim finds the sample's borders within 2 pixels, and cuts nothing where there is none", async () => {
  const scan = await outputOf(RUN, "scan", ScannedPhotos);
  const trim = await outputOf(RUN, "trim", TrimmedPhotos);
  let bordered = 0;
  for (const set of ["train", "test"] as const) {
    const expected = new Map(truth.photos.map(({ file, box }) => [file, box]));
    const found = new Map(trim[set].map(({ id, box }) => [id, box]));
    for (const { id, width, height } of scan[set]) {
      const planted = expected.get(`${set}/${id}`);
      const box = entryOf(found, id, "a trimmed photo");
      if (planted === undefined) {
        assertEquals(box, { left: 0, top: 0, width, height }, id);
        continue;
      }
      bordered++;
      edges(box).forEach((edge, k) => assert(Math.abs(edge - edges(planted)[k]) <= 2, `${set}/${id}: ${edges(box)}`));
    }
  }
  assert(bordered >= photosWith(truth, "white_border").length && bordered > 20, `${bordered} borders`);
});

Deno.test("filter drops the sample's tiny photos alone, and keeps the one of exactly 3,600 pixels", async () => {
  const { kept, dropped } = await outputOf(RUN, "filter", FilteredPhotos);
  assertEquals(idsOf(dropped), fileNames(photosWith(truth, "tiny", "train")));
  const [exact] = fileNames(photosWith(truth, "exactly_3600_pixels"));
  assert(kept.includes(exact), `${exact} is kept`);
});

Deno.test("split groups the sample's duplicates, keeps each group on one side, and balances training", async () => {
  const { train, validation, undersampled, duplicates } = await outputOf(RUN, "split", SplitPhotos);
  const pairs = truth.photos.filter(({ duplicateOf }) => duplicateOf !== undefined)
    .map(({ id, duplicateOf }) => [`${id}.jpg`, `${duplicateOf}.jpg`].sort().join(" "));
  assertEquals(duplicates.map((group) => group.toSorted().join(" ")).sort(), pairs.sort());
  const sides = [train, validation, undersampled].map((photos) => new Set(idsOf(photos)));
  for (const group of duplicates) {
    assert(sides.some((side) => group.every((id) => side.has(id))), `${group} stand on one side`);
  }
  const all = idsOf([...train, ...validation, ...undersampled]);
  assertEquals(all.toSorted(), (await outputOf(RUN, "filter", FilteredPhotos)).kept.sort());
  assertEquals(new Set(all).size, all.length);
  const cats = train.filter(({ id }) => id.startsWith("cat.")).length;
  assertEquals(cats, train.length - cats);
  assert(Math.abs(train.length / all.length - 0.8) < 0.01, `${train.length} of ${all.length} train`);
});

Deno.test("rescan sets aside every outlier that was planted among the training photos, nine of nine, the worst first", async () => {
  const train = idsOf((await outputOf(RUN, "split", SplitPhotos)).train);
  const { outliers, clean } = await outputOf(RUN, "rescan", RescannedPhotos);
  const planted = OUTLIERS.flatMap((kind) => fileNames(photosWith(truth, kind))).filter((id) => train.includes(id));
  const setAside = new Set(idsOf(outliers.filter(({ verdict }) => verdict === "set aside")));
  assertEquals(planted.length, 9);
  assertEquals(planted.filter((id) => !setAside.has(id)), []);
  assert(outliers.length < train.length / 10, `${outliers.length} of ${train.length} are doubted`);
  assertEquals([...idsOf(outliers), ...clean].sort(), train.toSorted());
  assert(planted.includes(outliers[0].id), `${outliers[0].id} is the worst`);
});

Deno.test("predict is right on more than 95% of the validation photos", async () => {
  const { validation } = await outputOf(RUN, "predict", Predictions);
  const share = accuracy(validation);
  assert(share > 0.95, `${share}`);
  assertEquals((await manifestOf(RUN, "predict")).counts["validation accuracy"], share);
});

Deno.test("submission.csv has every test photo once, in order and clipped, and is right on the truth", async () => {
  const { header, rows } = await submissionOf(RUN);
  assertEquals(header, "id,label");
  assertEquals(rows.map(({ id }) => id), Array.from({ length: 100 }, (_, k) => String(k + 1)));
  for (const { id, label } of rows) assert(label >= 0.005 && label <= 0.995, `${id}: ${label}`);
  const labels = new Map(rows.map(({ id, label }) => [id, label]));
  for (const { id } of photosWith(truth, "not_a_picture", "test")) assertEquals(labels.get(id), 0.5);
  const judged = truth.photos.flatMap(({ set, id, species }) =>
    set === "test" && (species === "cat" || species === "dog")
      ? [{ label: species, pDog: entryOf(labels, id, "a row of submission.csv") }]
      : []
  );
  assertEquals(judged.length, 99);
  const loss = logLoss(judged);
  assert(loss < 0.15, `log loss ${loss} on the test photos`);
});

Deno.test("report.html is one page that asks nothing of the network", async () => {
  const page = await Deno.readTextFile(join(RUN, "report/report.html"));
  const reached = page.matchAll(
    /\b(?:src|href|srcset|data|action)\s*=\s*["']?(?!data:|#)[^"'\s>]+|url\(\s*["']?(?!data:)|@import/gi,
  );
  assertEquals([...reached].map(([text]) => text), []);
  assertEquals(/<(?:link|iframe|object|embed)\b/i.test(page), false);
  for (const stage of STAGE_NAMES.slice(0, -1)) assertStringIncludes(page, stage);
  const { outliers } = await outputOf(RUN, "rescan", RescannedPhotos);
  for (const { id } of outliers) assertStringIncludes(page, id);
});

Deno.test("every stage's manifest says what it was made from, by what, and what came out", async () => {
  for (const stage of STAGE_NAMES) {
    const manifest = await manifestOf(RUN, stage);
    assertEquals([manifest.schema, manifest.stage, manifest.seed], [1, stage, 0]);
    assert(manifest.version >= 1 && manifest.params !== null);
    assertEquals(manifest.backend !== null, ["transform", "train", "rescan", "finetune", "predict"].includes(stage));
    for (const hash of Object.values(manifest.inputs)) assert(/^[0-9a-f]{64}$/.test(hash));
    assert(Object.keys(manifest.inputs).length > 0, `${stage} has inputs`);
    assertEquals(new Date(manifest.started).toISOString(), manifest.started);
    const names = [...Deno.readDirSync(join(RUN, stage))].map(({ name }) => name);
    const own = manifest.outputs.filter(({ set }) => set === undefined);
    assertEquals(["manifest.json", ...own.map(({ file }) => file)].sort(), names.sort());
    assertEquals(own.length < manifest.outputs.length, stage === "transform", "features alone are shared");
    for (const { file, set, bytes, sha256: hash } of manifest.outputs) {
      const content = await Deno.readFile(set === undefined ? join(RUN, stage, file) : join(CACHE, set, file));
      assertEquals([bytes, hash], [content.length, sha256(content)], `${stage}/${file}`);
    }
  }
  assertEquals((await manifestOf(RUN, "scan")).counts, {
    cats: 199,
    dogs: 199,
    "to predict": 99,
    unreadable: 3,
    unlabelled: 0,
    "left out": 0,
  });
});

Deno.test("the pipeline a second time runs nothing, and says so", async () => {
  const again = await runWell("pipeline", folder);
  assertEquals(again.stderr, "runs/sample: nothing to do, all 10 stages are up to date\n");
  assertEquals(again.stdout, ended.stdout);
});
