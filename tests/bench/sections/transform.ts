import {
  batchTransform,
  type PhotoToTransform,
  type TransformedBatch,
} from "../../../data/picture/batches/batch_transform.ts";
import { chooseEngine } from "../../../model/engines/choose.ts";
import type { ExtractedFeatures } from "../../../pipeline/features/store/feature_store.ts";
import { SHARD_PHOTOS } from "../../../pipeline/features/store/shard_names.ts";
import { FeatureExtractor } from "../../../pipeline/features/extract/feature_extractor.ts";
import { RANGES_PHOTOS, rangesOver } from "../../../pipeline/features/precision/measure_ranges.ts";
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
 * the two differ by is what decoding costs though it goes on beside the engine. In floats, and in integers where the
 * engine computes in those.
 */
export async function transformRows(context: BenchContext): Promise<BenchRow[]> {
  const { settings, photos, backbones, signal, say } = context;
  const count = settings.quick ? QUICK_PHOTOS : PHOTOS;
  say(`transforming ${count} photos`);
  const toRead = await photosByPath(firstPhotos(photos, count).paths);
  const { engine } = await chooseEngine("auto");
  try {
    const batching = { sizes: photoSizes(backbones), batchSize: engine.batchSize };
    const batches = (photos = toRead) => batchTransform(photos, batching);
    const decoded = await Array.fromAsync(batches());
    const floats = await FeatureExtractor.create(engine, backbones, { givesCutPoints: false });
    const rows = await extractorRows(context, { by: engine.name, extractor: floats, batches, decoded, toRead });
    if (engine.integers === undefined) return rows;
    const some = decoded.slice(0, Math.ceil(RANGES_PHOTOS / engine.batchSize)).map(({ inputs }) => inputs);
    const ranges = await rangesOver(some, { integers: engine.integers, backbones, signal });
    const integers = await FeatureExtractor.create(engine, backbones, { givesCutPoints: false, ranges });
    const by = `${engine.name}-int8`;
    return [...rows, ...await extractorRows(context, { by, extractor: integers, batches, decoded, toRead })];
  } finally {
    await engine.close();
  }
}

/** Backbones ready to run, and photos in both forms. */
interface Transforming {
  readonly by: string;
  readonly extractor: FeatureExtractor;
  readonly toRead: readonly PhotoToTransform[];
  batches(photos?: readonly PhotoToTransform[]): AsyncIterable<TransformedBatch<PhotoToTransform>>;
  readonly decoded: readonly TransformedBatch<PhotoToTransform>[];
}

/** Times one extractor, and closes it. */
async function extractorRows(
  { settings, signal }: BenchContext,
  { by, extractor, toRead, batches, decoded }: Transforming,
): Promise<BenchRow[]> {
  try {
    const extractAll = async (from: Batches) => {
      const extracted: ExtractedFeatures[] = [];
      for await (const { inputs } of from) {
        signal.throwIfAborted();
        extracted.push(await extractor.extract(inputs));
      }
      return extracted;
    };
    const batchSize = decoded[0].photos.length;
    const [alone] = await extractAll(decoded.slice(0, 1));
    const [whole] = await extractAll(batches(toRead.slice(0, batchSize)));
    const error = relativeError(whole.features.data, alone.features.data);
    const times = await timeInTurns(
      [{ run: () => timed(() => extractAll(batches())) }, { run: () => timed(() => extractAll(decoded)) }],
      settings.runs,
    );
    const work = `transform, ${toRead.length} photos, batch ${batchSize}`;
    const names = [`${by}, from files`, `${by}, photos decoded before`];
    const checks = [comparison(error, 0, "those decoded before"), { checked: "the reference" }];
    return times.map((spent, k): BenchRow => {
      if (spent instanceof Error) return failedRow(work, names[k], "photos/s", spent);
      return { work, by: names[k], unit: "photos/s", value: ratesOf(toRead.length, spent), ...checks[k] };
    });
  } finally {
    await extractor.close();
  }
}
