import { randomFrom } from "../../../data/random.ts";
import { fusionHead } from "../../../model/networks/fused/fusion_net.ts";
import type { Tensor } from "../../../model/tensor.ts";
import { initialHead } from "../../../model/networks/fused/head.ts";
import { featureGroups } from "../../../pipeline/features/extract/feature_extractor.ts";
import { fusedWidth } from "../../../pipeline/features/fused_features.ts";
import { RECIPES } from "../../../pipeline/settings/recipes.ts";
import type { BenchContext } from "../context.ts";
import { spreadOf, timed, timeInTurns } from "../measure.ts";
import { type BenchRow, comparison, failedRow, PYTORCH } from "../row.ts";
import { labelTensor, separableFeatures } from "../separable_features.ts";
import { linearProbeRows } from "./linear_probe.ts";
import { lossError, openTrainer, TRAINED_BATCH, TRAINED_RATES, Training, TRAINING_TOLERANCE } from "../training.ts";

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
  const own = await openTrainer({ head: fusionHead(width), tuned: [] }, state);
  try {
    const epoch = async () => {
      const losses: number[] = [];
      for (let start = 0; start < count; start += TRAINED_BATCH * BATCHES_AT_ONCE) {
        const batches = batchesOf(features, labels, start, Math.min(start + TRAINED_BATCH * BATCHES_AT_ONCE, count));
        const steps = await own.trainer.step(batches, { head: rate, tuned: 0 });
        losses.push(...steps.map(({ loss }) => loss));
      }
      return losses;
    };
    const losses = await epoch();
    const things = [{ run: () => timed(epoch) }];
    let compared: Pick<BenchRow, "checked" | "failed"> = { checked: "" };
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
      const { losses: theirs } = await torch.process.ask(question, Training);
      // Later ones are next to nothing and drift apart.
      const [first, expected] = [theirs, losses].map((all) => all.slice(0, BATCHES_AT_ONCE));
      compared = comparison(lossError(first, expected), TRAINING_TOLERANCE, `${own.name}'s losses of the first steps`);
      things.push({
        run: async () => (await torch.process.ask(question, Training)).ms.reduce((sum, time) => sum + time, 0),
      });
    }
    const times = await timeInTurns(things, settings.runs);
    const row = (by: string, k: number, compared: Pick<BenchRow, "checked" | "failed">): BenchRow => {
      const spent = times[k];
      if (spent instanceof Error) return failedRow(work, by, "ms", spent);
      return { work, by, unit: "ms", value: spreadOf(spent), ...compared };
    };
    return [row(own.name, 0, { checked: "the reference" }), ...torch ? [row(PYTORCH, 1, compared)] : []];
  } finally {
    await own.close();
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
