import { entryOf } from "../../../../data/base/entry_of.ts";
import { join } from "@std/path";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { openPhotoSource } from "../../../../data/source/photo_source.ts";
import type { Network } from "../../../../model/networks/layers.ts";
import { FUSED_BACKBONES } from "../../../../model/networks/fused/fusion_net.ts";
import { shapesOf } from "../../../../model/networks/network.ts";
import { sizeOf, type Tensor, tensor } from "../../../../model/tensor.ts";
import type { CompiledNetwork } from "../../../../model/engines/engine.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { FeatureIndex, FeatureReader } from "../../../../pipeline/features/store/feature_store.ts";
import { SHARD_PHOTOS, writerOfShard } from "../../../../pipeline/features/store/shard_names.ts";
import { readShardContents } from "../../../../pipeline/features/store/feature_shard.ts";
import { CacheFolder } from "../../../../pipeline/store/cache_folder.ts";
import { writtenOutputs } from "../../../../pipeline/store/stage_outputs.ts";
import { VerifiedFolder } from "../../../../pipeline/store/verified_folder.ts";
import { sha256 } from "../../../../pipeline/files/hashing.ts";
import { openBackbones } from "../../../../pipeline/weights/open_backbones.ts";
import { RECIPES } from "../../../../pipeline/settings/recipes.ts";
import { transform } from "../../../../pipeline/stages/transform.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { filesBelow, writePhotos } from "../../../end_to_end/command_line.ts";
import { type FakeTools, fakeToolsWith } from "../runner/fake_tools.ts";
import { fakeManifest } from "../../../unit/pipeline/store/fake_manifest.ts";
import { CompilingEngine } from "../../model/engines/compiling_engine.ts";
import { inFolder } from "../in_folder.ts";

const PHOTOS = ["cat.0.jpg", "cat.1.jpg", "dog.0.jpg", "dog.1.jpg", "dog.2.jpg"];
const TEST_PHOTOS = ["1.jpg", "2.jpg"];
/** A budget in which the activations of a few photos fit, and one in which they do not. */
const [ENOUGH_DISK, NO_DISK] = [1, 0];

/** An engine by which every value is the mean of the photo. */
class FakeEngine extends CompilingEngine {
  readonly batchSize = 32;
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
interface Transformed {
  readonly index: FeatureIndex;
  readonly reader: FeatureReader;
  /** The shards that hold its rows. */
  readonly shards: readonly string[];
  readonly computed: number;
  readonly engine: FakeEngine;
  readonly tools: FakeTools;
}

/** Runs `transform` on photos of a folder, with an engine of its own. */
async function transformed(
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
  await writePhotos(join(folder, "train"), photos);
  await writePhotos(join(folder, "test"), test);
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

/** The features of all training photos, in order. */
async function featuresOf({ reader }: Transformed): Promise<Tensor> {
  return await reader.features("train", PHOTOS);
}

async function cutPointsOf({ reader }: Transformed): Promise<Tensor[]> {
  const prefixes = FUSED_BACKBONES.map(({ prefix }) => prefix);
  return await reader.cutPoints("train", PHOTOS, prefixes);
}

Deno.test("transform sends each photo through the backbones once, whichever run asks", () =>
  inFolder(async (folder) => {
    const first = await transformed(folder);
    assertEquals(first.engine.photos, PHOTOS.length + TEST_PHOTOS.length);
    for (const run of ["run", "another run"]) {
      const again = await transformed(folder, { run });
      assertEquals([again.engine.photos, again.computed], [0, 0]);
      assertEquals(again.index, first.index);
      assertEquals(await featuresOf(again), await featuresOf(first));
    }
  }));

Deno.test("transform leaves out no photo that trim has said nothing of: it stops with the photo's name", () =>
  inFolder(async (folder) => {
    const lacking = () => transformed(folder, { trimmedFrom: 1 });
    await assertRejects(lacking, RangeError, `got "${PHOTOS[0]}"`);
  }));

Deno.test("transform computes only what is new, and names the shards of its own photos alone", () =>
  inFolder(async (folder) => {
    const few = await transformed(folder, { photos: PHOTOS.slice(0, 3), test: [] });
    const grown = await transformed(folder);
    assertEquals(grown.engine.photos, 4);
    assertEquals(await featuresOf(grown), await featuresOf(await transformed(join(folder, "other"))));
    const shrunk = await transformed(folder, { photos: PHOTOS.slice(3) });
    assertEquals(shrunk.engine.photos, 0);
    assertEquals(shrunk.shards, grown.shards.filter((shard) => !few.shards.includes(shard)));
    assertEquals((await transformed(folder, { photos: PHOTOS.slice(0, 3), test: [] })).shards, few.shards);
  }));

Deno.test("transform tells of the same training rows whatever there is to predict, and of others where they were made anew", () =>
  inFolder(async (folder) => {
    const { testKeys, ...train } = (await transformed(folder, { test: TEST_PHOTOS.slice(1) })).index;
    const grown = (await transformed(folder)).index;
    assertEquals({ ...grown, testKeys: "" }, { ...train, testKeys: "" });
    assertNotEquals(grown.testKeys, testKeys);
    assertNotEquals((await transformed(folder, { weights: "others" })).index.trainKeys, train.trainKeys);
  }));

Deno.test("transform computes anew what other weights and other sizes made, and keeps both", () =>
  inFolder(async (folder) => {
    const all = PHOTOS.length + TEST_PHOTOS.length;
    const computed = async (given: Parameters<typeof transformed>[1]) =>
      (await transformed(folder, { recipe: "linear-probe", ...given })).computed;
    assertEquals(await computed({}), all);
    assertEquals(await computed({ weights: "others" }), all);
    assertEquals(await computed({ recipe: "hellinger" }), 0);
    assertEquals(await computed({ recipe: "own-sizes" }), all);
    for (const given of [{}, { weights: "others" }, { recipe: "own-sizes" }]) assertEquals(await computed(given), 0);
  }));

Deno.test("transform computes photos to predict again for groups that no recipe before has read", () =>
  inFolder(async (folder) => {
    await transformed(folder, { recipe: "linear-probe" });
    const more = await transformed(folder, { recipe: "earlier-means" });
    assertEquals(more.computed, TEST_PHOTOS.length);
    const { shape } = await more.reader.features("test", TEST_PHOTOS, ["inception.Mixed_6e.global_average"]);
    assertEquals(shape[0], TEST_PHOTOS.length);
    assertEquals((await transformed(folder, { recipe: "linear-probe" })).computed, 0);
  }));

Deno.test("transform is out of date by another recipe's sizes, not by what else it says", async () => {
  const paramsOf = async (recipe: string) => transform.params(await configOf({ ...DEFAULT_SETTINGS, recipe }, "run"));
  assertEquals(await paramsOf("one-regression"), await paramsOf("linear-probe"));
  assertNotEquals(await paramsOf("own-sizes"), await paramsOf("linear-probe"));
});

Deno.test("transform computes photos with the same content once", () =>
  inFolder(async (folder) => {
    const { engine, reader } = await transformed(folder, { test: PHOTOS });
    assertEquals(engine.photos, PHOTOS.length);
    assertEquals(await reader.features("test", PHOTOS), await reader.features("train", PHOTOS));
  }));

async function cutPointFiles(folder: string): Promise<string[]> {
  return (await filesBelow(join(folder, "cache"))).filter((path) => path.includes("cut_points"));
}

/** So many photos that one shard does not hold them. */
const MANY = [...PHOTOS, ...Array.from({ length: 65 }, (_, k) => `cat.${k + 10}.jpg`)];

Deno.test("transform goes on to the same features after being killed, from the shards that were whole", () =>
  inFolder(async (folder) => {
    const photos = MANY;
    const whole = await transformed(join(folder, "whole"), { photos, test: [] });
    for (const [batch, left] of [[1, 70], [3, 70 - SHARD_PHOTOS]]) {
      const stopped = join(folder, `stopped ${batch}`);
      const failing = () => transformed(stopped, { photos, test: [], engine: new FakeEngine(batch) });
      await assertRejects(failing, Error, "killed");
      const resumed = await transformed(stopped, { photos, test: [] });
      assertEquals(resumed.engine.photos, left);
      assertEquals(await featuresOf(resumed), await featuresOf(whole));
      assertEquals(await cutPointsOf(resumed), await cutPointsOf(whole));
    }
  }));

Deno.test("transform of two processes at once sends each photo through the backbones once, and both end with all", () =>
  inFolder(async (folder) => {
    const alone = await transformed(join(folder, "alone"), { photos: MANY });
    await writePhotos(join(folder, "train"), MANY);
    const both = await Promise.all(["one", "two"].map((run) => transformed(folder, { run, photos: MANY })));
    assertEquals(both[0].computed + both[1].computed, MANY.length + TEST_PHOTOS.length);
    for (const { index, reader } of both) {
      assertEquals(index, alone.index);
      assertEquals(await reader.features("train", MANY), await alone.reader.features("train", MANY));
    }
  }));

Deno.test("transform computes the rows of a damaged shard again, and no others", () =>
  inFolder(async (folder) => {
    const first = await transformed(folder, { photos: MANY });
    const [damaged] = first.shards;
    const path = (await filesBelow(join(folder, "cache"))).find((file) => file.endsWith(damaged)) ?? "";
    const bytes = await Deno.readFile(path);
    const rows = readShardContents(path)?.keys.length ?? 0;
    const right = await first.reader.features("train", MANY);
    await Deno.writeFile(path, bytes.with(bytes.length - 1, bytes[bytes.length - 1] ^ 1));
    const again = await transformed(folder, { photos: MANY, run: "another" });
    assertEquals([again.computed, again.shards.includes(damaged)], [rows, false]);
    assertEquals(await again.reader.features("train", MANY), right);
  }));

Deno.test("transform stores no cut points over the disk budget, and says what that costs", () =>
  inFolder(async (folder) => {
    const { index, tools } = await transformed(folder, { disk: NO_DISK });
    assertEquals([index.cutPoints, await cutPointFiles(folder)], [false, []]);
    assertEquals(tools.warnings.length, 1);
    assertEquals(tools.warnings[0].includes("more than --cache-gb 0"), true);
    const stored = await transformed(folder);
    assertEquals(stored.index.cutPoints, true);
    assertEquals(await cutPointsOf(stored), await cutPointsOf(await transformed(join(folder, "other"))));
  }));

Deno.test("transform stores no cut points for a recipe that does not fine-tune the backbones", () =>
  inFolder(async (folder) => {
    const { index, tools } = await transformed(folder, { recipe: "linear-probe" });
    assertEquals([index.cutPoints, await cutPointFiles(folder)], [false, []]);
    assertEquals(tools.warnings, []);
  }));

// The row of a photo that was replaced while transform ran, and put back afterwards, was kept for good as the photo's.
Deno.test("transform keeps no row of a photo that is not the one that was scanned, and goes on when it is put back", () =>
  inFolder(async (folder) => {
    const path = join(folder, "train/dog.2.jpg");
    let scanned = new Uint8Array();
    /** Replaces a photo as soon as transform opens its backbones: after it was scanned, before it is decoded. */
    const replaced = async () => {
      scanned = await Deno.readFile(path);
      await Deno.copyFile(join(folder, "train/cat.0.jpg"), path);
    };
    const error = await assertRejects(() => transformed(folder, { beforeReading: replaced }), UserError);
    assertEquals(error.message.startsWith("Cannot use dog.2.jpg of the train photos: expected the photo as it"), true);
    await Deno.writeFile(path, scanned);
    assertEquals(
      await featuresOf(await transformed(folder)),
      await featuresOf(await transformed(join(folder, "other"))),
    );
  }));
