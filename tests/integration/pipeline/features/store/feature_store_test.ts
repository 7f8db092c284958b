import fc from "fast-check";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { tensor } from "../../../../../model/tensor.ts";
import {
  type ExtractedFeatures,
  FeatureReader,
  readShardKeys,
  removeOtherShards,
  writeShard,
} from "../../../../../pipeline/features/store/feature_store.ts";
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

const withoutCutPoints = ({ features }: ExtractedFeatures) => ({ features, cutPoints: new Map() });

const KEYS = [["a", "b", "c"], ["d", "e"]];

/** A store of five photos in two shards. */
async function filledStore(root: string): Promise<StageFolder> {
  const folder = new StageFolder(runFolder(root));
  await writeShard(folder, 0, KEYS[0], extracted(0, 3));
  await writeShard(folder, 7, KEYS[1], extracted(3, 2));
  return folder;
}

const INDEX = {
  groups: [{ name: "resnet.features", width: 2 }, { name: "inception.features", width: 1 }],
  cutPoints: true,
  train: { a: [0, 0], b: [0, 1], c: [0, 2] },
  test: { d: [7, 0], e: [7, 1], a: [0, 2] },
} satisfies FeatureReader["index"];

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

Deno.test("writeShard() keeps features exactly, and rounds cutPoints to the nearest float16", () =>
  inFolder(async (root) => {
    const folder = new StageFolder(runFolder(root));
    const any = fc.float32Array({ minLength: 4, maxLength: 4, noNaN: true });
    await fc.assert(
      fc.asyncProperty(any, async (values) => {
        const features = tensor([1, 4], values);
        await writeShard(folder, 0, ["a"], {
          features,
          cutPoints: new Map([["resnet", tensor([1, 4, 1, 1], values)]]),
        });
        const groups = [{ name: "features", width: 4 }];
        const reader = new FeatureReader(folder, { groups, cutPoints: true, train: { a: [0, 0] }, test: {} });
        assertEquals((await reader.features("train", ["a"])).data, values);
        const [{ data }] = await reader.cutPoints("train", ["a"], ["resnet"]);
        assertEquals(data, Float32Array.from(values, Math.f16round));
      }),
      { numRuns: 25 },
    );
  }));

Deno.test("readShardKeys() finds whole shards by their features, and by their cutPoints where those are wanted", () =>
  inFolder(async (root) => {
    const folder = await filledStore(root);
    assertEquals(await readShardKeys(folder, true), new Map([[0, KEYS[0]], [7, KEYS[1]]]));
    await folder.remove("cut_points-00007.safetensors");
    assertEquals(await readShardKeys(folder, true), new Map([[0, KEYS[0]]]));
    assertEquals(await readShardKeys(folder, false), new Map([[0, KEYS[0]], [7, KEYS[1]]]));
  }));

Deno.test("readShardKeys() passes over a shard of which only the cut points were written when it was killed", () =>
  inFolder(async (root) => {
    const folder = await filledStore(root);
    await folder.remove("features-00000.safetensors");
    await Deno.writeTextFile(folder.path("features-00009.safetensors.unfinished"), "torn");
    assertEquals([...(await readShardKeys(folder, true)).keys()], [7]);
  }));

Deno.test("readShardKeys() is empty in a new folder", () =>
  inFolder(async (root) => {
    assertEquals(await readShardKeys(new StageFolder(runFolder(`${root}/none`)), true), new Map());
  }));

Deno.test("removeOtherShards() removes shards alone, and cutPoints that are no longer wanted", () =>
  inFolder(async (root) => {
    const folder = await filledStore(root);
    await folder.write("output.json", "{}");
    await removeOtherShards(folder, new Set([7]), true);
    assertEquals(await folder.list(), ["cut_points-00007.safetensors", "features-00007.safetensors", "output.json"]);
    await removeOtherShards(folder, new Set([7]), false);
    assertEquals(await folder.list(), ["features-00007.safetensors", "output.json"]);
  }));

Deno.test("writeShard() writes no cutPoints where none are given", () =>
  inFolder(async (root) => {
    const folder = new StageFolder(runFolder(root));
    await writeShard(folder, 1, ["a"], withoutCutPoints(extracted(0, 1)));
    assertEquals(await folder.list(), ["features-00001.safetensors"]);
    assert((await readShardKeys(folder, true)).size === 0);
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
    for (const file of ["features-00000.safetensors", "cut_points-00000.safetensors"]) {
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
    const file = "cut_points-00000.safetensors";
    const whole = await folder.read(file);
    // The file ends in the third photo's row.
    await Deno.writeFile(folder.path(file), whole.with(whole.length - 1, whole[whole.length - 1] ^ 1));
    const reader = new FeatureReader(folder, INDEX);
    await assertRejects(() => reader.cutPoints("train", ["c"], ["inception", "resnet"]), DamagedFile, file);
    assertEquals((await reader.cutPoints("train", ["a"], ["resnet"]))[0].data, Float32Array.from(rowOf(0, 4, 100)));
  }));

Deno.test("readShardKeys() passes over a shard with a flipped bit, of its keys or of its features", () =>
  inFolder(async (root) => {
    const folder = await filledStore(root);
    const file = "features-00000.safetensors";
    const whole = await folder.read(file);
    const key = new TextDecoder().decode(whole).indexOf('"a') + 1;
    for (const at of [key, whole.length - 1]) {
      await Deno.writeFile(folder.path(file), whole.with(at, whole[at] ^ 1));
      assertEquals([...(await readShardKeys(folder, true)).keys()], [7]);
    }
  }));
