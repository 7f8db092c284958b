import { randomFrom } from "../../../data/random.ts";
import { chooseEngine } from "../../../model/engines/choose.ts";
import { fusionHead } from "../../../model/networks/fused/fusion_net.ts";
import { multiplyAdds } from "../../../model/networks/network.ts";
import { type Tensor, tensor, type TensorMap } from "../../../model/tensor.ts";
import type { TrainingBatch } from "../../../model/training/trainer.ts";
import { initialHead } from "../../../model/networks/fused/head.ts";
import { FeatureExtractor } from "../../../pipeline/features/extract/feature_extractor.ts";
import { fusedState, tunedParts } from "../../../pipeline/classifier/fusion_network/fused_network.ts";
import { featureGroups } from "../../../pipeline/features/extract/feature_extractor.ts";
import { fusedWidth } from "../../../pipeline/features/fused_features.ts";
import { photoSizes } from "../../../pipeline/features/extract/extracted_batches.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import { normalisedBatches } from "../../integration/data/picture/normalised_batches.ts";
import { oneBatch } from "../../integration/data/picture/one_batch.ts";
import { RECIPES } from "../../../pipeline/settings/recipes.ts";
import { type BenchContext, firstPhotos } from "../context.ts";
import { ratesOf, spreadOf } from "../timing/measure.ts";
import { type BenchRow, comparison, failedRow, PYTORCH } from "../page/row.ts";
import {
  lossError,
  OWN_TRAINER,
  peerTrainers,
  TRAINED_BATCH,
  TRAINED_RATES,
  type TrainerOpener,
  Training,
  TRAINING_TOLERANCE,
} from "../training/training.ts";

/** The losses of the first steps are compared: a wrong gradient shows in the second. */
const COMPARED_STEPS = 3;

/**
 * A fine-tuning step, forward, backward and update: this project's from the cached cut points, PyTorch's from there and
 * from the photos, as the write-up's program does it.
 */
export async function finetuneRows(context: BenchContext): Promise<BenchRow[]> {
  const { settings, backbones, torch, photos, say } = context;
  say("fine-tuning steps");
  const { paths, labels } = firstPhotos(photos, TRAINED_BATCH);
  const toRead = paths.map((path) => ({ read: () => Deno.readFile(path) }));
  const inputs = await normalisedBatches(toRead, backbones.map(({ description }) => description));
  const cutPoints = await cutPointsOf(context, await oneBatch(toRead, photoSizes(backbones)));
  const width = fusedWidth(featureGroups(backbones));
  const head = initialHead(fusionHead(width), randomFrom(0, "head"));
  const { momentum } = RECIPES.writeup;
  const rates = TRAINED_RATES;
  const steps = COMPARED_STEPS + settings.runs;
  const work = `fine-tuning step, batch ${TRAINED_BATCH}`;
  const operations = 3 * 2 * TRAINED_BATCH *
    (tunedParts(backbones).reduce((sum, { network }) => sum + multiplyAdds(network), 0) + headProducts(width)) / 1e9;

  const by = (opener: TrainerOpener) => stepsBy(opener, context, head, { inputs: cutPoints, labels }, steps);
  const own = await by(OWN_TRAINER);
  const row = (by: string, times: readonly number[], checked: Pick<BenchRow, "checked" | "failed">, note: string) => {
    const timed = times.slice(COMPARED_STEPS);
    return { work, by, unit: "ms", value: spreadOf(timed), ...checked, note } as const;
  };
  const checkedLosses = (losses: readonly number[]) => {
    const error = lossError(losses.slice(0, COMPARED_STEPS), own.losses.slice(0, COMPARED_STEPS));
    return comparison(error, TRAINING_TOLERANCE, `${own.name}'s losses of ${COMPARED_STEPS} steps`);
  };
  const ourRow = ({ name, ms }: Steps, checked: Pick<BenchRow, "checked" | "failed">): BenchRow => ({
    ...row(name, ms, checked, "from the cached cut points"),
    gflops: ratesOf(operations, ms.slice(COMPARED_STEPS)).median,
  });
  const rows = [ourRow(own, { checked: "the reference" })];
  for (const peer of await peerTrainers(settings.engines)) {
    try {
      const trained = await by(peer);
      rows.push(ourRow(trained, checkedLosses(trained.losses)));
    } catch (error) {
      rows.push(failedRow(work, peer.name, "ms", error));
    }
  }
  if (!torch) return rows;
  const state = await torch.send("state", head);
  for (const [from, sent] of [["photos", inputs], ["cut points", cutPoints]] as const) {
    const by = from === "photos" ? PYTORCH : `${PYTORCH}, from the cut points`;
    const arrays = new Map<string, Tensor>(sent.map((input, k) => [`input${k}`, input]));
    arrays.set("labels", { shape: [labels.length], data: Float32Array.from(labels) });
    try {
      const { ms, losses } = await torch.process.ask({
        do: "fine-tune",
        from,
        backbones: backbones.map(({ path, description }) => ({ weights: path, description })),
        state,
        inputs: await torch.send("batch", arrays),
        rates,
        momentum,
        steps,
      }, Training);
      rows.push(
        row(by, ms, checkedLosses(losses), from === "photos" ? "from the photos, as the write-up's program" : ""),
      );
    } catch (error) {
      rows.push(failedRow(work, by, "ms", error));
    }
  }
  return rows;
}

/** Steps on one batch, each with its time and its loss. */
interface Steps {
  readonly name: string;
  readonly ms: readonly number[];
  readonly losses: readonly number[];
}

async function stepsBy(
  opener: TrainerOpener,
  { backbones }: BenchContext,
  head: TensorMap,
  batch: TrainingBatch,
  steps: number,
): Promise<Steps> {
  const parts = { head: fusionHead(fusedWidth(featureGroups(backbones))), tuned: tunedParts(backbones) };
  const { name, trainer, close } = await opener.open(parts, fusedState(backbones, head));
  try {
    const ms: number[] = [];
    const losses: number[] = [];
    for (let step = 0; step < steps; step++) {
      const started = performance.now();
      const [{ loss }] = await trainer.step([batch], TRAINED_RATES);
      ms.push(performance.now() - started);
      losses.push(loss);
    }
    return { name, ms, losses };
  } finally {
    await close();
  }
}

/** What the frozen parts make of the photos. */
async function cutPointsOf({ backbones }: BenchContext, inputs: readonly PixelBatch[]): Promise<Tensor[]> {
  const { engine } = await chooseEngine("auto");
  const extractor = await FeatureExtractor.create(engine, backbones, { givesCutPoints: true });
  try {
    const { cutPoints } = await extractor.extract(inputs);
    return [...cutPoints.values()].map(({ shape, data }) => tensor(shape, data));
  } finally {
    await extractor.close();
    await engine.close();
  }
}

/** Multiplications with additions of the head, one photo. */
function headProducts(features: number): number {
  const { hidden } = fusionHead(features);
  const widths = [features, ...hidden, 2];
  return widths.slice(1).reduce((sum, width, k) => sum + width * widths[k], 0);
}
