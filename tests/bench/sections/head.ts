import { randomFrom } from "../../../data/random.ts";
import { fusionHead } from "../../../model/networks/fused/fusion_net.ts";
import type { Tensor } from "../../../model/tensor.ts";
import { fitLinearProbe } from "../../../model/linear/linear_probe.ts";
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

const PHOTOS = 512;
const QUICK_PHOTOS = 64;

/** An epoch of the write-up's head on cached features, and the whole fit of the default recipe's head on as many. */
export async function headRows(context: BenchContext): Promise<BenchRow[]> {
  const { settings, backbones, torch, say } = context;
  const count = settings.quick ? QUICK_PHOTOS : PHOTOS;
  say(`an epoch of the head on ${count} photos`);
  const width = fusedWidth(featureGroups(backbones));
  const { features, labels } = separableFeatures(count, width);
  const { head: rate } = TRAINED_RATES;
  const { momentum } = RECIPES.writeup;
  const state = initialHead(fusionHead(width), randomFrom(0, "head"));
  const work = `an epoch of the write-up's head, ${count} photos, batch ${TRAINED_BATCH}`;
  const batches = Array.from({ length: count / TRAINED_BATCH }, (_, k) => batchAt(features, labels, k * TRAINED_BATCH));

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
    const epoch = ({ trainer }: OpenTrainer) => trainer.step(batches, { head: rate, tuned: 0 });
    const losses = (await epoch(own)).map(({ loss }) => loss);
    const compared = (theirs: readonly number[]) =>
      comparison(lossError(theirs, losses), TRAINING_TOLERANCE, `${own.name}'s losses of every step`);
    const things: { by: string; checked: Pick<BenchRow, "checked" | "failed">; run(): Promise<number> }[] = [];
    for (const one of opened) {
      const checked = one === own ? { checked: "the reference" } : compared((await epoch(one)).map(({ loss }) => loss));
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
      const ask = () => torch.process.ask(question, Training);
      const checked = compared((await ask()).losses);
      things.push({ by: PYTORCH, checked, run: async () => (await ask()).ms.reduce((sum, time) => sum + time, 0) });
    }
    const times = await timeInTurns(things, settings.runs);
    const rows = things.map(({ by, checked }, k): BenchRow => {
      const spent = times[k];
      if (spent instanceof Error) return failedRow(work, by, "ms", spent);
      return { work, by, unit: "ms", value: spreadOf(spent), ...checked };
    });
    return [...rows, ...failed, await linearProbeRow(context, count)];
  } finally {
    for (const { close } of opened) await close();
  }
}

/** The default recipe's head has no epochs: it is fitted to its optimum at once. */
async function linearProbeRow({ settings }: BenchContext, count: number): Promise<BenchRow> {
  const { l2, hellinger, regressions, groups: names } = RECIPES["linear-probe"];
  const width = settings.quick ? 64 : 2048;
  const groups = names.map((name) => ({ name, width }));
  const { features, labels } = separableFeatures(count, width * groups.length);
  const fit = {
    run: () => timed(() => fitLinearProbe(features, { groups, hellinger }, labels, { l2, regressions })),
  };
  const [times] = await timeInTurns([fit], settings.runs);
  const work = `the default recipe's whole fit, ${count} photos, ${groups.length} groups of ${width}`;
  if (times instanceof Error) return failedRow(work, "TypeScript", "ms", times);
  return { work, by: "TypeScript", unit: "ms", value: spreadOf(times), checked: "no peer" };
}

/** Positive numbers as pooled features are, with a direction in which cats and dogs differ. */
function separableFeatures(count: number, width: number): { features: Tensor; labels: Uint8Array } {
  const random = randomFrom(0, "features");
  const labels = Uint8Array.from({ length: count }, (_, k) => k % 2);
  const data = Float32Array.from({ length: count * width }, (_, at) => {
    const isDog = labels[Math.floor(at / width)] === 1;
    return random() + (isDog && at % width < width / 8 ? 0.5 : 0);
  });
  return { features: { shape: [count, width], data }, labels };
}

function batchAt({ shape: [, width], data }: Tensor, labels: Uint8Array, start: number) {
  const end = start + TRAINED_BATCH;
  const rows = { shape: [TRAINED_BATCH, width], data: data.slice(start * width, end * width) };
  return { inputs: [rows], labels: labels.slice(start, end) };
}

function labelTensor(labels: Uint8Array): Tensor {
  return { shape: [labels.length], data: Float32Array.from(labels) };
}
