import {
  batchTransform,
  type PhotoToTransform,
  type TransformedBatch,
} from "../../../data/picture/batches/batch_transform.ts";
import { chooseEngine } from "../../../model/engines/choose.ts";
import type { ExtractedFeatures } from "../../../pipeline/features/store/feature_store.ts";
import { SHARD_PHOTOS } from "../../../pipeline/features/store/shard_names.ts";
import { FeatureExtractor } from "../../../pipeline/features/extract/feature_extractor.ts";
import { photoSizes } from "../../../pipeline/features/extract/extracted_batches.ts";
import { relativeError } from "../../integration/model/training/golden_files.ts";
import { type BenchContext, firstPhotos } from "../context.ts";
import { ratesOf, timed, timeInTurns } from "../timing/measure.ts";
import { type BenchRow, comparison, failedRow } from "../page/row.ts";
import { photosByPath } from "./photos_by_path.ts";

const PHOTOS = 2 * SHARD_PHOTOS;
const QUICK_PHOTOS = 32;

type Batches = Iterable<TransformedBatch<PhotoToTransform>> | AsyncIterable<TransformedBatch<PhotoToTransform>>;

/**
 * The transform stage's loop, from files to features, beside the engine alone on the same photos decoded before: what
 * the two differ by is what decoding costs though it goes on beside the engine.
 */
export async function transformRows(context: BenchContext): Promise<BenchRow[]> {
  const { settings, photos, backbones, signal, say } = context;
  const count = settings.quick ? QUICK_PHOTOS : PHOTOS;
  say(`transforming ${count} photos`);
  const toRead = await photosByPath(firstPhotos(photos, count).paths);
  const { engine } = await chooseEngine("auto");
  const extractor = await FeatureExtractor.create(engine, backbones, { givesCutPoints: false });
  try {
    const batching = { sizes: photoSizes(backbones), batchSize: engine.batchSize };
    const batches = (photos = toRead) => batchTransform(photos, batching);
    const decoded = await Array.fromAsync(batches());
    const extractAll = async (from: Batches) => {
      const extracted: ExtractedFeatures[] = [];
      for await (const { inputs } of from) {
        signal.throwIfAborted();
        extracted.push(await extractor.extract(inputs));
      }
      return extracted;
    };
    const [alone] = await extractAll(decoded.slice(0, 1));
    const [whole] = await extractAll(batches(toRead.slice(0, engine.batchSize)));
    const error = relativeError(whole.features.data, alone.features.data);
    const times = await timeInTurns(
      [{ run: () => timed(() => extractAll(batches())) }, { run: () => timed(() => extractAll(decoded)) }],
      settings.runs,
    );
    const work = `transform, ${count} photos, batch ${engine.batchSize}`;
    const names = [`${engine.name}, from files`, `${engine.name}, photos decoded before`];
    const checks = [comparison(error, 0, "those decoded before"), { checked: "the reference" }];
    return times.map((spent, k): BenchRow => {
      if (spent instanceof Error) return failedRow(work, names[k], "photos/s", spent);
      return { work, by: names[k], unit: "photos/s", value: ratesOf(count, spent), ...checks[k] };
    });
  } finally {
    await extractor.close();
    await engine.close();
  }
}
