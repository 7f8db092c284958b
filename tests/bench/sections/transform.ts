import type { PhotoSource } from "../../../data/source/source_entry.ts";
import { withPixels } from "../../../data/picture/decode.ts";
import { wholeBox } from "../../../data/picture/pixels.ts";
import { chooseEngine } from "../../../model/engines/choose.ts";
import { type ExtractedFeatures, SHARD_PHOTOS } from "../../../pipeline/features/store/feature_store.ts";
import { FeatureExtractor } from "../../../pipeline/features/extract/feature_extractor.ts";
import { sha256 } from "../../../pipeline/files/hashing.ts";
import { type DecodedBatch, photoBatches, type PhotoToRead } from "../../../pipeline/features/extract/photo_batches.ts";
import { relativeError } from "../../integration/model/training/golden_files.ts";
import { type BenchContext, firstPhotos } from "../context.ts";
import { ratesOf, timed, timeInTurns } from "../measure.ts";
import { type BenchRow, comparison, failedRow } from "../row.ts";

const PHOTOS = 2 * SHARD_PHOTOS;
const QUICK_PHOTOS = 32;

/** Reads photos by their paths. */
const BY_PATH: PhotoSource = {
  list: () => Promise.resolve([]),
  read: (path) => Deno.readFile(path),
  close: () => Promise.resolve(),
};

/**
 * The transform stage's loop, from files to features, beside the engine alone on the same photos decoded before: what
 * the two differ by is what decoding costs though it goes on beside the engine.
 */
export async function transformRows(context: BenchContext): Promise<BenchRow[]> {
  const { settings, photos, backbones, signal, say } = context;
  const count = settings.quick ? QUICK_PHOTOS : PHOTOS;
  say(`transforming ${count} photos`);
  const toRead: PhotoToRead[] = [];
  for (const path of firstPhotos(photos, count).paths) {
    const bytes = await Deno.readFile(path);
    const box = await withPixels(bytes, wholeBox);
    toRead.push({ set: "train", id: path, bytes: bytes.length, sha256: sha256(bytes), box });
  }
  const { engine } = await chooseEngine("auto");
  const extractor = await FeatureExtractor.create(engine, backbones, false);
  try {
    const tools = { photos: () => Promise.resolve(BY_PATH), signal };
    const batches = () => photoBatches(toRead, engine.batchSize, backbones, tools);
    const decoded: DecodedBatch<PhotoToRead>[] = [];
    for await (const batch of batches()) decoded.push(batch);
    const extractAll = async (from: Iterable<DecodedBatch<PhotoToRead>> | AsyncIterable<DecodedBatch<PhotoToRead>>) => {
      const extracted: ExtractedFeatures[] = [];
      for await (const { inputs } of from) extracted.push(await extractor.extract(inputs));
      return extracted;
    };
    const [alone] = await extractAll(decoded.slice(0, 1));
    const [whole] = await extractAll(
      photoBatches(toRead.slice(0, engine.batchSize), engine.batchSize, backbones, tools),
    );
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
