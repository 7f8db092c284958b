import { entryOf } from "../../../../data/base/entry_of.ts";
import { join } from "@std/path";
import { openPhotoSource } from "../../../../data/source/photo_source.ts";
import type { Network } from "../../../../model/networks/layers.ts";
import { shapesOf } from "../../../../model/networks/network.ts";
import { sizeOf, type Tensor, tensor } from "../../../../model/tensor.ts";
import type { CompiledNetwork } from "../../../../model/engines/engine.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { FeatureIndex, FeatureReader } from "../../../../pipeline/features/store/feature_store.ts";
import { writerOfShard } from "../../../../pipeline/features/store/shard_names.ts";
import { CacheFolder } from "../../../../pipeline/store/cache_folder.ts";
import { writtenOutputs } from "../../../../pipeline/store/stage_outputs.ts";
import { VerifiedFolder } from "../../../../pipeline/store/verified_folder.ts";
import { sha256 } from "../../../../pipeline/files/hashing.ts";
import { openBackbones } from "../../../../pipeline/weights/open_backbones.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import { transform } from "../../../../pipeline/stages/transform.ts";
import { filesBelow, writePhotos } from "../../../end_to_end/command_line.ts";
import { type FakeTools, fakeToolsWith } from "../runner/fake_tools.ts";
import { fakeManifest } from "../../../unit/pipeline/store/fake_manifest.ts";
import { CompilingEngine } from "../../model/engines/compiling_engine.ts";

export const PHOTOS = ["cat.0.jpg", "cat.1.jpg", "dog.0.jpg", "dog.1.jpg", "dog.2.jpg"];
export const TEST_PHOTOS = ["1.jpg", "2.jpg"];
/** A budget in which the activations of a few photos fit, and one in which they do not. */
export const [ENOUGH_DISK, NO_DISK] = [1, 0];

/** An engine by which every value is the mean of the photo. */
export class FakeEngine extends CompilingEngine {
  readonly batchSize: number = 32;
  /** Photos that went through each backbone. */
  photos = 0;

  /** @param failAt the batch at which it is killed */
  constructor(readonly failAt = Infinity) {
    super();
  }

  compile(network: Network, _: unknown, outputs: readonly string[]): Promise<CompiledNetwork> {
    const shapes = shapesOf(network);
    let batches = 0;
    return Promise.resolve({
      run: ({ shape: [batch], data }) => {
        if (++batches === this.failAt) return Promise.reject(new Error("killed"));
        // The photo that probes the weights asks for every layer and no summary.
        if (outputs.includes("layer4.global_max")) this.photos += batch;
        const means = Array.from({ length: batch }, (_, k) => mean(data, k, data.length / batch));
        return Promise.resolve(
          new Map(outputs.map((name): [string, Tensor] => {
            const { channels, height, width } = entryOf(shapes, name, "a shape");
            const shape = name === network.output ? [batch, channels] : [batch, channels, height, width];
            const size = sizeOf(shape) / batch;
            return [
              name,
              tensor(shape, Float32Array.from({ length: batch * size }, (_, i) => means[Math.floor(i / size)])),
            ];
          })),
        );
      },
      close: () => Promise.resolve(),
    });
  }
}

function mean(data: ArrayLike<number>, row: number, size: number): number {
  let sum = 0;
  for (let k = row * size; k < (row + 1) * size; k++) sum += data[k];
  return sum / size;
}

/** What `transform` gave, and what it left. */
export interface Transformed {
  readonly index: FeatureIndex;
  readonly reader: FeatureReader;
  /** The shards that hold its rows. */
  readonly shards: readonly string[];
  readonly computed: number;
  readonly engine: FakeEngine;
  readonly tools: FakeTools;
}

/** Runs `transform` on photos of a folder, with an engine of its own. */
export async function transformed(
  folder: string,
  {
    photos = PHOTOS,
    test = TEST_PHOTOS,
    trimmedFrom = 0,
    disk = ENOUGH_DISK,
    recipe = "writeup",
    engine = new FakeEngine(),
    weights = "same",
    run = "run",
    cache = new CacheFolder(join(folder, "cache")),
    beforeReading = () => Promise.resolve(),
  } = {},
): Promise<Transformed> {
  await writeMissing(join(folder, "train"), photos);
  await writeMissing(join(folder, "test"), test);
  const tools = fakeToolsWith(join(folder, run, "transform"), {
    cache,
    engine: () => Promise.resolve(engine),
    backbones: async () => {
      await beforeReading();
      return await openBackbones("mini", RECIPES[recipe].inputScales);
    },
    weightsHash: () => Promise.resolve(weights),
    photos: (set) => openPhotoSource(join(folder, set)),
  });
  const scanned = (set: string) => async (id: string) => {
    const bytes = await Deno.readFile(join(folder, set, id));
    return { id, label: null, bytes: bytes.length, sha256: sha256(bytes), width: 80, height: 80 };
  };
  const trimmed = (id: string) => ({ id, box: { left: 0, top: 0, width: 80, height: 80 }, hash: "" });
  const inputs = {
    scan: {
      train: await Promise.all(photos.map(scanned("train"))),
      test: await Promise.all(test.map(scanned("test"))),
      unreadableTrain: [],
      unreadableTest: [],
      unlabelled: [],
    },
    trim: { train: photos.slice(trimmedFrom).map(trimmed), test: test.map(trimmed) },
    filter: { kept: photos, dropped: [] },
  };
  const config = await configOf({ ...DEFAULT_SETTINGS, recipe, cacheGigabytes: disk }, join(folder, "run"));
  const { output, shared, counts } = await transform.run(inputs, config, tools).finally(() => cache.close());
  const outputs = [...await writtenOutputs(tools.folder, transform), ...shared ?? []];
  const left = new VerifiedFolder(tools.folder, fakeManifest({ stage: "transform", outputs }), cache);
  const index = FeatureIndex.parse(output);
  const shards = outputs.map(({ file }) => file).filter((file) => writerOfShard(file) !== undefined);
  return { index, reader: new FeatureReader(left, index), shards, computed: counts.computed, engine, tools };
}

/** Writes photos that are not there: those that are may be read by another run just now. */
async function writeMissing(folder: string, photos: readonly string[]): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const there = new Set(await filesBelow(folder));
  await writePhotos(folder, photos.filter((photo) => !there.has(join(folder, photo))));
}

/** The features of all training photos, in order. */
export async function featuresOf({ reader }: Transformed): Promise<Tensor> {
  return await reader.features("train", PHOTOS);
}
