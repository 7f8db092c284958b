import { join } from "@std/path";
import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import { PhotoError } from "../../../../data/photo_error.ts";
import { sigmoid } from "../../../../model/logits.ts";
import { compareFigures } from "../../../../pipeline/compared/compare_figures.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { EvidenceReader } from "../../../../pipeline/evidence/evidence_reader.ts";
import { FeatureReader } from "../../../../pipeline/features/store/feature_store.ts";
import { RunOutputs } from "../../../../pipeline/finished/run_outputs.ts";
import { HISTORY_FILE } from "../../../../pipeline/review/review_files.ts";
import { RunStore } from "../../../../pipeline/store/run_store.ts";
import { finetunedState } from "../../../../pipeline/trained/finished_run.ts";
import { inFolder } from "../in_folder.ts";
import { type KnownRun, withKnownRun } from "./known_run.ts";

const ALL = { offset: 0, limit: 1000 };

Deno.test("a run is known as far as it has come, and what is decided in between counts", () =>
  inFolder((folder) =>
    withKnownRun(folder, async (known) => {
      await knowsNothing(known);
      await known.run("scan");
      await knowsNames(known);
      await known.run();
      await knowsTheQueue(known);
      await knowsPhotos(known);
      await knowsPredictions(known);
      await triesPictures(known, folder);
      await followsDecisions(known);
      await opensNothingOnceClosed(known);
    })
  ));

/** Before anything has run. */
async function knowsNothing({ knowledge }: KnownRun): Promise<void> {
  const { items, all, notes } = await knowledge.queue(ALL);
  assertEquals([items, all, notes], [[], 0, []]);
  assertEquals(await knowledge.predictions({ order: "id", ...ALL }), undefined);
  assertEquals((await knowledge.duplicates(ALL)).total, 0);
  assertEquals([await knowledge.figures(), await knowledge.undo()], [undefined, undefined]);
  assertEquals(await knowledge.thumbnail("train", "cat.1.jpg"), undefined);
}

/** After `scan` alone. */
async function knowsNames({ knowledge, context }: KnownRun): Promise<void> {
  const [{ id }] = await (await context.photos("train")).list();
  const { notes } = await knowledge.queue(ALL);
  assertStringIncludes(notes.join("; "), "rescan has not run yet");
  const facts = await knowledge.photo("train", id);
  assertEquals([facts?.side, facts?.label], ["not divided yet", id.startsWith("cat") ? "cat" : "dog"]);
  assert((await knowledge.thumbnail("train", id))?.length);
  assertEquals(await knowledge.nearest("train", id), undefined);
  await assertRejects(() => knowledge.evidence("train", id), UserError, "stage finetune");
}

async function knowsTheQueue({ knowledge, config }: KnownRun): Promise<void> {
  const outputs = new RunOutputs(new RunStore(knowledge.context.runFolder.run, knowledge.context.cache));
  const rescan = await outputs.rescan.read();
  const { items, all, undecided, counts, notes, order } = await knowledge.queue(ALL);
  assertEquals([new Set(items.map(({ id }) => id)).size, all, undecided, notes], [all, all, all, []]);
  const outliers = rescan?.output.outliers.map(({ id }) => id) ?? [];
  assert(outliers.length > 1);
  assertEquals(items.map(({ id }) => id).filter((id) => outliers.includes(id)), outliers);
  for (const { id, reason, verdict, pDog, loss } of rescan?.output.outliers ?? []) {
    const item = items.find((item) => item.id === id);
    assertEquals([item?.verdict, item?.pDog, item?.loss, item?.side], [verdict, pDog, loss, "train"]);
    assert(item?.reasons.some(({ words }) => words === reason));
  }
  assertStringIncludes(order, config.hyperparameters.outliers.predicted === "in sample" ? "loss" : "the worst of");
  assertEquals(counts.state, { undecided: all });
  const { groups } = await knowledge.duplicates(ALL);
  assert(groups.length > 0);
  for (const item of items.filter(({ duplicates }) => duplicates !== undefined)) {
    assert(groups[item.duplicates ?? -1].members.some(({ id }) => id === item.id));
  }
}

async function knowsPhotos({ knowledge, config, context }: KnownRun): Promise<void> {
  const outputs = new RunOutputs(new RunStore(context.runFolder.run, context.cache));
  const [{ id, pDog }] = (await outputs.predict.read())?.output.validation ?? [];
  const facts = await knowledge.photo("train", id);
  assertEquals([facts?.side, facts?.pDog], ["validation", pDog]);
  const map = await knowledge.evidence("train", id);
  assert(map);
  const logit = map.values.reduce((sum, value) => sum + value, map.rest);
  assertAlmostEquals(sigmoid(logit), pDog, 1e-6);
  const nearest = await knowledge.nearest("train", id);
  assertEquals([nearest?.cat.length, nearest?.dog.length], [6, 6]);
  await hasStoredFeatures(id, outputs, { config, context });
  for (const stranger of ["../run/run.json", "/etc/passwd", "", "toString", "run.json", "cat.99999.jpg"]) {
    for (const set of ["train", "test"] as const) {
      assertEquals(await knowledge.photo(set, stranger), undefined);
      assertEquals(await knowledge.thumbnail(set, stranger), undefined);
      assertEquals(await knowledge.picture(set, stranger), undefined);
      assertEquals(await knowledge.evidence(set, stranger), undefined);
      assertEquals(await knowledge.nearest(set, stranger), undefined);
    }
  }
}

/** What evidence is told by is what `transform` stored. */
async function hasStoredFeatures(
  id: string,
  outputs: RunOutputs,
  { config, context }: Pick<KnownRun, "config" | "context">,
): Promise<void> {
  const [scan, trim, transform] = [
    await outputs.scan.read(),
    await outputs.trim.read(),
    await outputs.transform.read(),
  ];
  assert(transform);
  const box = trim?.output.train.find((photo) => photo.id === id)?.box;
  const photo = scan?.output.train.find((photo) => photo.id === id);
  assert(box && photo);
  const reader = await EvidenceReader.open(config.hyperparameters, await finetunedState(config, context.outside), {
    engine: async () => (await context.chosenEngine()).engine,
    backbones: () => context.backbones(config.hyperparameters),
  });
  const bytes = await (await context.photos("train")).read(id);
  const { extracted } = await reader.read({ name: id, bytes, box, width: photo.width, height: photo.height });
  await reader.close();
  const stored = await new FeatureReader(transform.folder, transform.output).features("train", [id]);
  const largest = stored.data.reduce(
    (most, value, k) => Math.max(most, Math.abs(value - extracted.features.data[k])),
    0,
  );
  // Photos that go through the backbones in another batch may differ by rounding.
  assert(largest < 1e-4, `${largest}`);
}

async function knowsPredictions({ knowledge }: KnownRun): Promise<void> {
  const page = await knowledge.predictions({ order: "doubt", offset: 0, limit: 5 });
  assertEquals([page?.items.length, page?.all, page?.total], [5, 12, 12]);
  assertEquals(page?.histogram.reduce((sum, count) => sum + count, 0), 12);
  const unreadable = (await knowledge.predictions({ order: "id", ...ALL }))?.items.filter(({ readable }) => !readable);
  assertEquals(unreadable?.every(({ pDog }) => pDog === 0.5), true);
}

async function triesPictures({ knowledge }: KnownRun, folder: string): Promise<void> {
  await knowledge.warm();
  const items = (await knowledge.predictions({ order: "id", ...ALL }))?.items.filter(({ readable }) => readable) ?? [];
  const bytes = await Deno.readFile(join(folder, "photos", "test", items[0].id));
  const tried = await knowledge.tryPicture(bytes, "<b>mine</b>.jpg");
  assert(!(tried instanceof PhotoError));
  assertAlmostEquals(tried.pDog, items[0].pDog, 1e-6);
  assertEquals([tried.name, tried.nearest.cat.length, tried.nearest.dog.length], ["<b>mine</b>.jpg", 6, 6]);
  assertEquals(await knowledge.nearest("test", items[0].id), tried.nearest);
  assert(await knowledge.tryPicture(new Uint8Array([1, 2, 3]), "no.jpg") instanceof PhotoError);
  assert(await knowledge.tryPicture(bytes.subarray(0, bytes.length / 2), "half.jpg") instanceof PhotoError);
}

// A browser that asked as its studio ended had a classifier opened that nobody closed, and the studio never ended.
async function opensNothingOnceClosed({ knowledge, context }: KnownRun): Promise<void> {
  const [{ id }] = await (await context.photos("train")).list();
  const closed = knowledge.close();
  await assertRejects(() => knowledge.evidence("train", id), Error, "got one that was closed");
  await closed;
  await assertRejects(() => knowledge.warm(), Error, "got one that was closed");
}

async function followsDecisions({ knowledge, run, context }: KnownRun): Promise<void> {
  await assertRejects(() => knowledge.decide([{ id: "7.jpg", word: "drop" }]), UserError, "expected a photo of");
  assertEquals(await context.runFolder.has(HISTORY_FILE), false);
  const before = await knowledge.figures();
  const { items } = await knowledge.queue(ALL);
  const [first, second, third] = items.filter(({ side }) => side === "train").map(({ id }) => id);
  await knowledge.decide([{ id: first, word: "keep" }, { id: second, word: "keep" }]);
  await knowledge.decide([{ id: third, word: "drop" }]);
  assertEquals((await knowledge.queue({ state: "kept", ...ALL })).items.map(({ id }) => id), [first, second]);
  assertEquals((await knowledge.undo())?.photos, [{ id: third, before: "drop", after: undefined }]);
  assertEquals((await knowledge.photo("train", third))?.word, undefined);
  await knowledge.decide([{ id: third, word: "drop" }]);
  await run();
  assertEquals((await knowledge.photo("train", third))?.side, "left out");
  const after = await knowledge.figures();
  assert(before && after);
  const compared = compareFigures(before, after, randomFrom(0, "a test"));
  assert(compared.setAside.after < compared.setAside.before);
  const validated = new Set(before.validation.map(({ id }) => id));
  assertEquals(compared.shared?.photos, after.validation.filter(({ id }) => validated.has(id)).length);
  assertEquals((await knowledge.queue({ state: "dropped", ...ALL })).items.map(({ id }) => id), [third]);
}
