import { randomFrom } from "../../../data/random.ts";
import { fusionHead } from "../../../model/networks/fused/fusion_net.ts";
import type { Tensor } from "../../../model/tensor.ts";
import { initialHead } from "../../../model/networks/fused/head.ts";
import { featureGroups } from "../../../pipeline/features/extract/feature_extractor.ts";
import { fusedWidth } from "../../../pipeline/features/fused_features.ts";
import { RECIPES } from "../../../pipeline/settings/recipes.ts";
import type { BenchContext } from "../context.ts";
import { spreadOf, timed, timeInTurns } from "../timing/measure.ts";
import { type BenchRow, comparison, failedRow, PYTORCH } from "../page/row.ts";
import {
  lossError,
  type OpenTrainer,
  OWN_TRAINER,
  peerTrainers,
  TRAINED_BATCH,
  TRAINED_RATES,
  Training,
  TRAINING_TOLERANCE,
} from "../training/training.ts";
import { labelTensor, separableFeatures } from "../training/separable_features.ts";
import { linearProbeRows } from "./linear_probe.ts";

const PHOTOS = [2400, 20_000];
const QUICK_PHOTOS = [64];

/** Batches that go to the trainer together, as in training. */
const BATCHES_AT_ONCE = 32;

/** An epoch of the write-up's head on cached features, and the whole fit of the default recipe's on as many. */
export async function headRows(context: BenchContext): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const count of context.settings.quick ? QUICK_PHOTOS : PHOTOS) {
    context.say(`an epoch of the write-up's head, and a linear probe, on ${count} photos`);
    rows.push(...await writeupRows(context, count), ...await linearProbeRows(context, count));
  }
  return rows;
}

async function writeupRows({ settings, backbones, torch }: BenchContext, count: number): Promise<BenchRow[]> {
  const width = fusedWidth(featureGroups(backbones));
  const { features, labels } = separableFeatures(count, width);
  const { head: rate } = TRAINED_RATES;
  const { momentum } = RECIPES.writeup;
  const state = initialHead(fusionHead(width), randomFrom(0, "head"));
  const work = `an epoch of the write-up's head, ${count} photos, batch ${TRAINED_BATCH}`;
  const parts = { head: fusionHead(width), tuned: [] };
  const opened = [await OWN_TRAINER.open(parts, state)];
  const [own] = opened;
  const failed: BenchRow[] = [];
  for (const peer of await peerTrainers(settings.engines)) {
    try {
      opened.push(await peer.open(parts, state));
    } catch (error) {
      failed.push(failedRow(work, peer.name, "ms", error));
    }
  }
  try {
    const epoch = async ({ trainer }: OpenTrainer, photos = count) => {
      const losses: number[] = [];
      for (let start = 0; start < photos; start += TRAINED_BATCH * BATCHES_AT_ONCE) {
        const batches = batchesOf(features, labels, start, Math.min(start + TRAINED_BATCH * BATCHES_AT_ONCE, photos));
        const steps = await trainer.step(batches, { head: rate, tuned: 0 });
        losses.push(...steps.map(({ loss }) => loss));
      }
      return losses;
    };
    // The losses of later steps are next to nothing, and drift apart.
    const first = Math.min(count, TRAINED_BATCH * BATCHES_AT_ONCE);
    const losses = await epoch(own, first);
    const compared = (theirs: readonly number[]) =>
      comparison(lossError(theirs, losses), TRAINING_TOLERANCE, `${own.name}'s losses of the first steps`);
    const things: { by: string; checked: Pick<BenchRow, "checked" | "failed">; run(): Promise<number> }[] = [];
    for (const one of opened) {
      const checked = one === own ? { checked: "the reference" } : compared(await epoch(one, first));
      things.push({ by: one.name, checked, run: () => timed(() => epoch(one)) });
    }
    if (torch) {
      const sent = new Map([["features", features], ["labels", labelTensor(labels)]]);
      const question = {
        do: "train the head",
        features: await torch.send("features", sent),
        state: await torch.send("head", state),
        batch: TRAINED_BATCH,
        rate,
        momentum,
      };
      const ask = (photos: number) => torch.process.ask({ ...question, photos }, Training);
      const checked = compared((await ask(first)).losses);
      const run = async () => (await ask(count)).ms.reduce((sum, time) => sum + time, 0);
      things.push({ by: PYTORCH, checked, run });
    }
    const times = await timeInTurns(things, settings.runs);
    const rows = things.map(({ by, checked }, k): BenchRow => {
      const spent = times[k];
      if (spent instanceof Error) return failedRow(work, by, "ms", spent);
      return { work, by, unit: "ms", value: spreadOf(spent), ...checked };
    });
    return [...rows, ...failed];
  } finally {
    for (const { close } of opened) await close();
  }
}

function batchesOf(features: Tensor, labels: Uint8Array, start: number, end: number) {
  return Array.from({ length: (end - start) / TRAINED_BATCH }, (_, k) => {
    return batchAt(features, labels, start + k * TRAINED_BATCH);
  });
}

function batchAt({ shape: [, width], data }: Tensor, labels: Uint8Array, start: number) {
  const end = start + TRAINED_BATCH;
  const rows = { shape: [TRAINED_BATCH, width], data: data.slice(start * width, end * width) };
  return { inputs: [rows], labels: labels.slice(start, end) };
}
