import fc from "fast-check";
import { assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../../../../../model/tensor.ts";
import { ShardWriter } from "../../../../../pipeline/features/cache/shard_writer.ts";
import {
  openFeatureShard,
  readShardContents,
  sealedFeatureShard,
} from "../../../../../pipeline/features/store/feature_shard.ts";
import { type ExtractedFeatures, FeatureReader } from "../../../../../pipeline/features/store/feature_store.ts";
import { cutPointsOfShard } from "../../../../../pipeline/features/store/shard_names.ts";
import { ROWS_FILE, type StoredRows } from "../../../../../pipeline/features/store/stored_rows.ts";
import { DamagedFile } from "../../../../../pipeline/store/damaged_file.ts";
import { runFolder, StageFolder } from "../../../../../pipeline/store/run_folder.ts";
import { inFolder } from "../../in_folder.ts";

const WIDTH = 3;

/** Features and two small cut points of photos numbered from `first`; every number tells its photo and its place. */
function extracted(first: number, photos: number): ExtractedFeatures {
  const numbered = (size: number, part: number) =>
    Float32Array.from({ length: photos * size }, (_, k) => first + Math.floor(k / size) + part + (k % size) / 8);
  return {
    features: tensor([photos, WIDTH], numbered(WIDTH, 0)),
    cutPoints: new Map([
      ["resnet", tensor([photos, 2, 1, 2], numbered(4, 100))],
      ["inception", tensor([photos, 1, 2, 1], numbered(2, 200))],
    ]),
  };
}

const GROUPS = [{ name: "resnet.features", width: 2 }, { name: "inception.features", width: 1 }];
const INDEX = { groups: GROUPS, cutPoints: true };

/** The shards that `filledStore` writes, and those beside them. */
const [FIRST, SECOND] = ["first-00000.safetensors", "second-00000.safetensors"];

const ROWS: StoredRows = {
  shards: [FIRST, SECOND],
  train: { a: [0, 0], b: [0, 1], c: [0, 2] },
  test: { d: [1, 0], e: [1, 1], a: [0, 2] },
};

/** Writes a shard as the cache does. */
async function writeShard(folder: StageFolder, writer: string, keys: readonly string[], batch: ExtractedFeatures) {
  const shards = new ShardWriter(folder, writer, GROUPS);
  const cutPoints = batch.cutPoints.size > 0;
  await shards.add(keys.map((key) => ({ key, groups: GROUPS.map(({ name }) => name), cutPoints })), batch);
  await shards.finish();
}

/** A store of five photos in two shards. */
async function filledStore(root: string): Promise<StageFolder> {
  const folder = new StageFolder(runFolder(root));
  await writeShard(folder, "first", ["a", "b", "c"], extracted(0, 3));
  await writeShard(folder, "second", ["d", "e"], extracted(3, 2));
  await folder.write(ROWS_FILE, JSON.stringify(ROWS));
  return folder;
}

/** What `extracted` gives for one photo. */
const rowOf = (photo: number, size: number, part: number) =>
  Array.from({ length: size }, (_, k) => photo + part + k / 8);

Deno.test("FeatureReader.features() gives rows in the order of the ids, from any shards, repeated if asked", () =>
  inFolder(async (root) => {
    const reader = new FeatureReader(await filledStore(root), INDEX);
    assertEquals(
      await reader.features("test", ["e", "a", "d", "e"]),
      tensor([4, WIDTH], Float32Array.from([4, 2, 3, 4].flatMap((photo) => rowOf(photo, WIDTH, 0)))),
    );
  }));

Deno.test("FeatureReader.cutPoints() gives a tensor a backbone, rows in the order of the ids", () =>
  inFolder(async (root) => {
    const reader = new FeatureReader(await filledStore(root), INDEX);
    assertEquals(await reader.cutPoints("test", ["e", "a"], ["inception", "resnet"]), [
      tensor([2, 1, 2, 1], Float32Array.from([4, 2].flatMap((photo) => rowOf(photo, 2, 200)))),
      tensor([2, 2, 1, 2], Float32Array.from([4, 2].flatMap((photo) => rowOf(photo, 4, 100)))),
    ]);
  }));

Deno.test("FeatureReader keeps the sets apart", () =>
  inFolder(async (root) => {
    const reader = new FeatureReader(await filledStore(root), INDEX);
    assertEquals((await reader.features("train", ["a"])).data, Float32Array.from(rowOf(0, WIDTH, 0)));
    assertEquals((await reader.features("test", ["a"])).data, Float32Array.from(rowOf(2, WIDTH, 0)));
    await assertRejects(() => reader.features("train", ["d"]), RangeError, "got d of the train set");
  }));

Deno.test("FeatureReader.cutPoints() refuses a backbone that the store does not hold", () =>
  inFolder(async (root) => {
    const reader = new FeatureReader(await filledStore(root), INDEX);
    await assertRejects(() => reader.cutPoints("train", ["a"], ["vgg"]), RangeError, "expected an array named vgg");
  }));

Deno.test("narrow features are kept exactly, wide ones and cut points rounded to the nearest float16", () =>
  inFolder(async (root) => {
    const folder = new StageFolder(runFolder(root));
    await folder.write(ROWS_FILE, JSON.stringify({ shards: [FIRST], train: { a: [0, 0] }, test: {} }));
    const any = fc.float32Array({ minLength: WIDTH, maxLength: WIDTH, noNaN: true });
    await fc.assert(
      fc.asyncProperty(any, async (values) => {
        const rounded = Float32Array.from(values, Math.f16round);
        const cutPoints = new Map([["resnet", tensor([1, WIDTH, 1, 1], values)]]);
        const features = tensor([1, WIDTH], values);
        await writeShard(folder, "first", ["a"], { features, cutPoints });
        const reader = new FeatureReader(folder, INDEX);
        assertEquals((await reader.features("train", ["a"])).data, values);
        assertEquals((await reader.cutPoints("train", ["a"], ["resnet"]))[0].data, rounded);
        const halves = openFeatureShard(
          sealedFeatureShard({ keys: ["a"], groups: GROUPS, features, cutPoints: {} }, "F16"),
        );
        assertEquals(halves?.features.data, rounded);
      }),
      { numRuns: 25 },
    );
  }));

Deno.test("readShardContents() tells of whole shards alone, by their beginning", () =>
  inFolder(async (root) => {
    const folder = await filledStore(root);
    assertEquals(readShardContents(folder.path(SECOND))?.keys, ["d", "e"]);
    assertEquals(readShardContents(folder.path("none")), undefined);
    const whole = await folder.read(FIRST);
    const key = new TextDecoder().decode(whole).indexOf('"a') + 1;
    for (
      const bytes of [
        whole.with(key, whole[key] ^ 1),
        whole.subarray(0, 40),
        whole.subarray(0, 4),
        whole.subarray(0, -1),
      ]
    ) {
      await Deno.writeFile(folder.path(FIRST), bytes);
      assertEquals(readShardContents(folder.path(FIRST)), undefined);
    }
  }));

Deno.test("FeatureReader.features() gives the groups that are asked for, side by side", () =>
  inFolder(async (root) => {
    const reader = new FeatureReader(await filledStore(root), INDEX);
    const [first, second, third] = rowOf(0, WIDTH, 0);
    const swapped = await reader.features("train", ["a"], ["inception.features", "resnet.features"]);
    assertEquals(swapped, tensor([1, WIDTH], Float32Array.from([third, first, second])));
    await assertRejects(() => reader.features("train", ["a"], ["resnet.layer9"]), RangeError, "got resnet.layer9");
  }));

Deno.test("FeatureReader gives what was written or says that a shard is damaged, whichever bit of it is flipped", () =>
  inFolder(async (root) => {
    const folder = await filledStore(root);
    const readAll = async () => {
      const reader = new FeatureReader(folder, INDEX);
      return [
        await reader.features("train", ["a", "b", "c"]),
        ...await reader.cutPoints("train", ["a", "c"], ["resnet"]),
      ];
    };
    const written = await readAll();
    for (const file of [FIRST, cutPointsOfShard(FIRST)]) {
      const whole = await folder.read(file);
      const bits = fc.tuple(fc.nat(whole.length - 1), fc.nat(7));
      await fc.assert(
        fc.asyncProperty(bits, async ([at, bit]) => {
          await Deno.writeFile(folder.path(file), whole.with(at, whole[at] ^ (1 << bit)));
          const read = await readAll().catch((thrown: unknown) => thrown);
          if (read instanceof DamagedFile) assertEquals(read.path, folder.path(file));
          else assertEquals(read, written);
        }),
        { numRuns: 100 },
      );
      await Deno.writeFile(folder.path(file), whole);
    }
  }));

Deno.test("FeatureReader refuses a row of cut points with a flipped bit, and gives the rows beside it", () =>
  inFolder(async (root) => {
    const folder = await filledStore(root);
    const file = cutPointsOfShard(FIRST);
    const whole = await folder.read(file);
    // The file ends in the third photo's row.
    await Deno.writeFile(folder.path(file), whole.with(whole.length - 1, whole[whole.length - 1] ^ 1));
    const reader = new FeatureReader(folder, INDEX);
    await assertRejects(() => reader.cutPoints("train", ["c"], ["inception", "resnet"]), DamagedFile, file);
    assertEquals((await reader.cutPoints("train", ["a"], ["resnet"]))[0].data, Float32Array.from(rowOf(0, 4, 100)));
  }));
