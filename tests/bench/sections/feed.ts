import { entryOf } from "../../../data/base/entry_of.ts";
import type { PixelBatch } from "../../../data/base/pixel_batch.ts";
import { batchTransform, type PhotoToTransform } from "../../../data/picture/batches/batch_transform.ts";
import { DecodingWorkers } from "../../../data/picture/batches/decoding_workers.ts";
import type { CompiledNetwork } from "../../../model/engines/engine.ts";
import { shapesOf } from "../../../model/networks/network.ts";
import type { Network } from "../../../model/networks/layers.ts";
import { sizeOf, type Tensor, type TensorMap } from "../../../model/tensor.ts";
import { photoSizes } from "../../../pipeline/features/extract/extracted_batches.ts";
import { FeatureExtractor } from "../../../pipeline/features/extract/feature_extractor.ts";
import { CompilingEngine } from "../../integration/model/engines/compiling_engine.ts";
import { relativeError } from "../../integration/model/training/golden_files.ts";
import { type BenchContext, firstPhotos } from "../context.ts";
import { type BenchRow, comparison, failedRow } from "../page/row.ts";
import { ratesOf, spreadOf, timeInTurns } from "../timing/measure.ts";
import { photosByPath } from "./photos_by_path.ts";

const PHOTOS = 256;
const QUICK_PHOTOS = 32;
const BATCH = 16;

/** Answers with zeros as soon as it is asked: what the whole takes is what feeding an engine takes. */
class InstantEngine extends CompilingEngine {
  readonly batchSize = BATCH;

  override compile(network: Network, _weights: TensorMap, outputs: readonly string[]): Promise<CompiledNetwork> {
    const shapes = shapesOf(network);
    const zeros = (value: string, batch: number): Tensor => {
      const { channels, height, width } = entryOf(shapes, value, "the shape of a value");
      const shape = [batch, channels, height, width];
      return { shape, data: new Float32Array(sizeOf(shape)) };
    };
    return Promise.resolve({
      run: ({ shape: [batch] }) => Promise.resolve(new Map(outputs.map((value) => [value, zeros(value, batch)]))),
      close: () => Promise.resolve(),
    });
  }
}

/**
 * Feeding an engine that answers at once, photos decoded in workers and on the main thread: milliseconds of the main
 * thread's processor time a photo, which bound how fast any engine can be, and photos a second on this machine.
 */
export async function feedRows({ settings, photos, backbones, signal, say }: BenchContext): Promise<BenchRow[]> {
  const count = settings.quick ? QUICK_PHOTOS : PHOTOS;
  say(`feeding ${count} photos`);
  const toRead = await photosByPath(firstPhotos(photos, count).paths);
  const extractor = await FeatureExtractor.create(new InstantEngine(), backbones, { givesCutPoints: false });
  const sizes = photoSizes(backbones);
  const batches = (decoding: DecodingWorkers, some: readonly PhotoToTransform[]) =>
    batchTransform(some, { sizes, batchSize: BATCH }, decoding);
  const ways = [
    { by: "decoding in workers", decoding: () => new DecodingWorkers() },
    { by: "decoding on the main thread", decoding: () => new DecodingWorkers(0, Infinity) },
  ];
  const inputs: PixelBatch[][] = [];
  for (const few of [0, Infinity]) {
    const some = await Array.fromAsync(batches(new DecodingWorkers(1, few), toRead.slice(0, BATCH)));
    inputs.push(some.flatMap(({ inputs }) => inputs));
  }
  const errors = inputs[0].map(({ data }, k) => relativeError(data, inputs[1][k].data));
  const checks = [comparison(Math.max(...errors), 0, "those decoded on the main thread"), { checked: "the reference" }];
  const cpu = ways.map((): number[] => []);
  const walls = await timeInTurns(
    ways.map(({ decoding }, k) => ({
      run: async () => {
        const started = performance.now();
        const before = process.threadCpuUsage();
        for await (const { inputs, release } of batches(decoding(), toRead)) {
          signal.throwIfAborted();
          await extractor.extract(inputs);
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
