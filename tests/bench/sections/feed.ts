import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import { batchTransform, type PhotoToTransform } from "../../../data/picture/batches/batch_transform.ts";
import { DecodingWorkers } from "../../../data/picture/batches/decoding_workers.ts";
import { photoSizes } from "../../../pipeline/features/extract/extracted_batches.ts";
import { relativeError } from "../../integration/model/training/golden_files.ts";
import { type BenchContext, firstPhotos } from "../context.ts";
import { type BenchRow, comparison, failedRow } from "../page/row.ts";
import { ratesOf, spreadOf, timeInTurns } from "../timing/measure.ts";
import { photosByPath } from "./photos_by_path.ts";

const PHOTOS = 256;
const QUICK_PHOTOS = 32;
/** How often each photo is fed in a run: beginning costs what 50 photos do. */
const TIMES = 4;
const BATCH = 16;

/**
 * Feeding an engine that answers at once and gives nothing back, photos decoded in workers and on the main thread:
 * milliseconds of the main thread's processor time a photo, which bound how fast any engine can be, and photos a second
 * on this machine.
 */
export async function feedRows({ settings, photos, backbones, signal, say }: BenchContext): Promise<BenchRow[]> {
  const { paths } = firstPhotos(photos, settings.quick ? QUICK_PHOTOS : PHOTOS);
  const some = await photosByPath(paths);
  const toRead = Array.from({ length: TIMES }, () => some).flat();
  const count = toRead.length;
  say(`feeding ${count} photos`);
  const sizes = photoSizes(backbones);
  const batches = (decoding: DecodingWorkers, fed: readonly PhotoToTransform[]) =>
    batchTransform(fed, { sizes, batchSize: BATCH }, decoding);
  const ways = [
    { by: "decoding in workers", decoding: () => new DecodingWorkers() },
    { by: "decoding on the main thread", decoding: () => new DecodingWorkers(0, Infinity) },
  ];
  const inputs: PixelBatch[][] = [];
  for (const few of [0, Infinity]) {
    const compared = await Array.fromAsync(batches(new DecodingWorkers(1, few), some.slice(0, BATCH)));
    inputs.push(compared.flatMap(({ inputs }) => inputs));
  }
  const errors = inputs[0].map(({ data }, k) => relativeError(data, inputs[1][k].data));
  const checks = [comparison(Math.max(...errors), 0, "those decoded on the main thread"), { checked: "the reference" }];
  const cpu = ways.map((): number[] => []);
  const walls = await timeInTurns(
    ways.map(({ decoding }, k) => ({
      run: async () => {
        const started = performance.now();
        const before = process.threadCpuUsage();
        for await (const { release } of batches(decoding(), toRead)) {
          signal.throwIfAborted();
          release();
        }
        const { user, system } = process.threadCpuUsage(before);
        cpu[k].push((user + system) / 1000 / count);
        return performance.now() - started;
      },
    })),
    settings.runs,
  );
  const row = (
    work: string,
    unit: BenchRow["unit"],
    valueOf: (times: readonly number[], k: number) => BenchRow["value"],
  ) =>
    ways.map(({ by }, k): BenchRow => {
      const times = walls[k];
      if (times instanceof Error) return failedRow(work, by, unit, times);
      return { work, by, unit, value: valueOf(times, k), ...checks[k] };
    });
  const engine = `an engine that answers at once, ${count} photos, both sizes`;
  return [
    ...row(`the main thread's time a photo, ${engine}`, "ms", (_, k) => spreadOf(cpu[k])),
    ...row(`feed ${engine}`, "photos/s", (times) => ratesOf(count, times)),
  ];
}
