import type { z } from "zod";
import { LABELS } from "../../../../data/labels.ts";
import { randomFrom } from "../../../../data/random.ts";
import { chunk } from "@std/collections/chunk";
import { widthOf } from "../../../../model/linear/width_of.ts";
import { chosenFit } from "../../../../pipeline/classifier/chosen_fit.ts";
import { UntimedFit } from "../../../../pipeline/classifier/fitted.ts";
import { featureGroups } from "../../../../pipeline/features/extract/feature_extractor.ts";
import { CachedRows, storedRows } from "../../../../pipeline/features/cache/cached_rows.ts";
import { ShardWriter } from "../../../../pipeline/features/cache/shard_writer.ts";
import { verifiedShards } from "../../../../pipeline/features/cache/verified_shards.ts";
import type { FeatureIndex } from "../../../../pipeline/features/store/feature_store.ts";
import { newWriter, SHARD_PHOTOS } from "../../../../pipeline/features/store/shard_names.ts";
import { ROWS_FILE } from "../../../../pipeline/features/store/stored_rows.ts";
import { sha256 } from "../../../../pipeline/files/hashing.ts";
import { NOT_BELIEVED } from "../../../../pipeline/outliers/outlier_scores.ts";
import type { RescannedPhotos } from "../../../../pipeline/outliers/outliers.ts";
import { type LabelledPhoto, type Scan, SidesOfSplit, type TrimmedPhotos } from "../../../../pipeline/photos/photo.ts";
import { LEAST_CLIP, logLoss } from "../../../../pipeline/predictions/metrics.ts";
import type { Predictions } from "../../../../pipeline/predictions/predicted_photos.ts";
import { SUBMISSION_FILE, submissionCsv } from "../../../../pipeline/predictions/submission.ts";
import { STAGES } from "../../../../pipeline/mod.ts";
import type { Stage, StageName, StageResult } from "../../../../pipeline/runner/stage.ts";
import type { MadeUpPhotos } from "./made_up_photos.ts";

/** Photos of each class that the classifier really learns from and is validated by: it is none that knows anything. */
const LEARNT = { train: 100, validation: 50 };

/** One of as many photos to learn from is an outlier, or a mistake; one of as many shows the same as the one before. */
const OUTLIER_EVERY = 15;
const MISTAKE_EVERY = 20;
const DUPLICATE_EVERY = 40;

type Run = Stage["run"];

/**
 * The stages, of which those that take long make up what they leave: whatever they say has the form that it always has,
 * and their manifests are the runner's.
 */
export function madeUpStages(photos: MadeUpPhotos): Stage[] {
  const runs: Partial<Record<StageName, (own: Run) => Run>> = {
    scan: () => () => Promise.resolve(scanned(photos)),
    trim: () => () => Promise.resolve(trimmed(photos)),
    transform: () => (_, __, tools) => transformed(photos, tools),
    train: learning,
    rescan: () => ({ split }) => Promise.resolve(rescanned(SidesOfSplit.parse(split))),
    finetune: learning,
    predict: () => ({ split, finetune }, { clip }, { folder }) =>
      predicted(photos, SidesOfSplit.parse(split), UntimedFit.parse(finetune), clip, folder),
  };
  return STAGES.map((stage) => ({ ...stage, run: runs[stage.name]?.(stage.run) ?? stage.run }));
}

function scanned({ train, test }: MadeUpPhotos): StageResult<z.infer<typeof Scan>> {
  const none = { unreadableTrain: [], unreadableTest: [], unlabelled: [], leftOutTrain: [], leftOutTest: [] };
  const each = train.length / 2;
  return {
    output: { train: [...train], test: [...test], ...none },
    counts: { cats: each, dogs: each, "to predict": test.length },
    details: { decoded: 0, leftOut: "" },
  };
}

/** Hashes are random, and so far from each other, but for duplicates'. */
function trimmed(photos: MadeUpPhotos): StageResult<z.infer<typeof TrimmedPhotos>> {
  const boxes = (set: "train" | "test") => {
    let last = "";
    return photos[set].map(({ id, sha256: content, width, height }, k) => {
      if (k % DUPLICATE_EVERY !== 1) last = sha256(`the picture of ${content}`);
      return { id, hash: last, box: { left: 0, top: 0, width, height } };
    });
  };
  const output = { train: boxes("train"), test: boxes("test") };
  return { output, counts: { photos: output.train.length + output.test.length }, details: { decoded: 0 } };
}

/** Rows are cut out of one long line of random numbers. */
async function transformed(
  photos: MadeUpPhotos,
  { folder, cache, signal, backbones }: Parameters<Run>[2],
): Promise<StageResult<FeatureIndex>> {
  const groups = featureGroups(await backbones());
  const width = widthOf(groups);
  const random = randomFrom(0, "made-up features");
  const numbers = Float32Array.from({ length: 100 * width }, random);
  const all = (["train", "test"] as const).flatMap((set) =>
    photos[set].map(({ id, sha256 }) => ({
      set,
      id,
      key: sha256,
      groups: groups.map(({ name }) => name),
      cutPoints: false,
    }))
  );
  const set = await cache.begin("made-up", "made up");
  const writer = new ShardWriter(set, newWriter(), groups);
  for (const some of chunk(all, SHARD_PHOTOS)) {
    const data = new Float32Array(some.length * width);
    for (let row = 0; row < some.length; row++) {
      const start = Math.floor(random() * 99 * width);
      data.set(numbers.subarray(start, start + width), row * width);
    }
    await writer.add(some, { features: { shape: [some.length, width], data }, cutPoints: new Map() });
  }
  await writer.finish();
  const rows = new CachedRows(set, all, { writer: writer.writer, takesOthers: false });
  rows.refresh();
  await folder.write(ROWS_FILE, JSON.stringify(storedRows(all, rows)));
  const output = {
    groups,
    cutPoints: false,
    trainKeys: sha256("made-up rows to learn from"),
    testKeys: sha256("made-up rows to predict"),
  };
  return {
    output,
    counts: { photos: all.length, features: width },
    details: { precision: "made up" },
    shared: await verifiedShards(rows, false, cache, signal),
  };
}

/** A stage that learns, given a few of its photos. */
function learning(own: Run): Run {
  return (inputs, config, tools) => {
    const { train, validation } = SidesOfSplit.parse(inputs.split);
    const some = (photos: readonly LabelledPhoto[], each: number) =>
      LABELS.flatMap((label) => photos.filter((photo) => photo.label === label).slice(0, each));
    const split = { train: some(train, LEARNT.train), validation: some(validation, LEARNT.validation) };
    return own({ ...inputs, split }, config, tools);
  };
}

function rescanned({ train }: z.infer<typeof SidesOfSplit>): StageResult<z.infer<typeof RescannedPhotos>> {
  const isOutlier = (_: unknown, k: number) => k % OUTLIER_EVERY === 0;
  const random = randomFrom(0, "made-up outliers");
  const outliers = train.filter(isOutlier).map(({ id, label }) => {
    const pDog = label === "cat" ? 1 - 0.2 * random() : 0.2 * random();
    const loss = logLoss([{ label, pDog }], { clip: LEAST_CLIP });
    return { id, label, pDog, loss, reason: NOT_BELIEVED, verdict: "set aside" as const };
  }).sort((a, b) => b.loss - a.loss);
  const clean = train.filter((photo, k) => !isOutlier(photo, k)).map(({ id }) => id);
  return { output: { outliers, clean }, counts: { outliers: outliers.length, "set aside": outliers.length } };
}

async function predicted(
  { test }: MadeUpPhotos,
  { validation }: z.infer<typeof SidesOfSplit>,
  finetune: z.infer<typeof UntimedFit>,
  clip: number,
  folder: Parameters<Run>[2]["folder"],
): Promise<StageResult<Predictions>> {
  const random = randomFrom(0, "made-up predictions");
  const pDogOf = ({ label }: LabelledPhoto, k: number) => {
    const doubt = k % MISTAKE_EVERY === 0 ? 0.5 + 0.5 * random() : 0.5 * random();
    return label === "dog" ? 1 - doubt : doubt;
  };
  const output = {
    test: test.map(({ id }) => ({ id, pDog: random() })),
    validation: validation.map((photo, k) => ({ id: photo.id, label: photo.label, pDog: pDogOf(photo, k) })),
  };
  await folder.write(SUBMISSION_FILE, submissionCsv(output.test, clip));
  return { output, counts: { predicted: test.length }, details: chosenFit(finetune) };
}
