import { join } from "@std/path";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { FUSED_BACKBONES } from "../../../../model/networks/fused/fusion_net.ts";
import type { Tensor } from "../../../../model/tensor.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { type FeatureIndex, FeatureReader, SHARD_PHOTOS } from "../../../../pipeline/features/store/feature_store.ts";
import { StageFolder } from "../../../../pipeline/store/run_folder.ts";
import { transform } from "../../../../pipeline/stages/transform.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import type { FakeTools } from "../runner/fake_tools.ts";
import { inFolder } from "../in_folder.ts";
import { FakeEngine, featuresOf, NO_DISK, PHOTOS, TEST_PHOTOS, transformed } from "./transformed.ts";

async function cutPointsOf({ index, tools }: { index: FeatureIndex; tools: FakeTools }): Promise<Tensor[]> {
  const prefixes = FUSED_BACKBONES.map(({ prefix }) => prefix);
  return await new FeatureReader(tools.folder, index).cutPoints("train", PHOTOS, prefixes);
}

Deno.test("transform sends each photo through the backbones once", () =>
  inFolder(async (folder) => {
    const first = await transformed(folder);
    assertEquals(first.engine.photos, PHOTOS.length + TEST_PHOTOS.length);
    assertEquals([Object.keys(first.index.train), Object.keys(first.index.test)], [PHOTOS, TEST_PHOTOS]);
    const again = await transformed(folder);
    assertEquals(again.engine.photos, 0);
    assertEquals(again.index, first.index);
  }));

Deno.test("transform leaves out no photo that trim has said nothing of: it stops with the photo's name", () =>
  inFolder(async (folder) => {
    const lacking = () => transformed(folder, { trimmedFrom: 1 });
    await assertRejects(lacking, RangeError, `got "${PHOTOS[0]}"`);
  }));

Deno.test("transform computes only what is new, and forgets what is gone", () =>
  inFolder(async (folder) => {
    await transformed(folder, { photos: PHOTOS.slice(0, 3), test: [] });
    const grown = await transformed(folder);
    assertEquals(grown.engine.photos, 4);
    assertEquals(await featuresOf(grown), await featuresOf(await transformed(join(folder, "other"))));
    const shrunk = await transformed(folder, { photos: PHOTOS.slice(3), test: TEST_PHOTOS });
    assertEquals(shrunk.engine.photos, 0);
    assertEquals(await shrunk.tools.folder.list(), ["cut_points-00001.safetensors", "features-00001.safetensors"]);
  }));

Deno.test("transform tells of the same training rows whatever there is to predict, and of others where they were made anew", () =>
  inFolder(async (folder) => {
    const { test: _, testRows, ...train } = (await transformed(folder, { test: TEST_PHOTOS.slice(1) })).index;
    const grown = (await transformed(folder)).index;
    assertEquals({ ...grown, test: {}, testRows: "" }, { ...train, test: {}, testRows: "" });
    assertNotEquals(grown.testRows, testRows);
    assertNotEquals((await transformed(folder, { weights: "others" })).index.trainRows, train.trainRows);
  }));

Deno.test("transform computes anew what other weights made", () =>
  inFolder(async (folder) => {
    await transformed(folder);
    const { engine, tools } = await transformed(folder, { weights: "others" });
    assertEquals(engine.photos, PHOTOS.length + TEST_PHOTOS.length);
    assertEquals((await tools.folder.list()).length, 2);
  }));

Deno.test("transform computes anew what photos of another size made, and nothing for another recipe of the same sizes", () =>
  inFolder(async (folder) => {
    await transformed(folder, { recipe: "linear-probe" });
    assertEquals((await transformed(folder, { recipe: "hellinger" })).engine.photos, 0);
    const { engine, tools } = await transformed(folder, { recipe: "own-sizes" });
    assertEquals(engine.photos, PHOTOS.length + TEST_PHOTOS.length);
    assertEquals((await tools.folder.list()).length, 1);
  }));

Deno.test("transform is out of date by another recipe's sizes, not by what else it says", async () => {
  const paramsOf = async (recipe: string) => transform.params(await configOf({ ...DEFAULT_SETTINGS, recipe }, "run"));
  assertEquals(await paramsOf("one-regression"), await paramsOf("linear-probe"));
  assertNotEquals(await paramsOf("own-sizes"), await paramsOf("linear-probe"));
});

Deno.test("transform computes photos with the same content once", () =>
  inFolder(async (folder) => {
    const { engine, index } = await transformed(folder, { test: PHOTOS });
    assertEquals(engine.photos, PHOTOS.length);
    assertEquals(index.test, index.train);
  }));

Deno.test("transform goes on to the same features after being killed, from the shards that were whole", () =>
  inFolder(async (folder) => {
    const photos = [...PHOTOS, ...Array.from({ length: 65 }, (_, k) => `cat.${k + 10}.jpg`)];
    const whole = await transformed(join(folder, "whole"), { photos });
    for (const [batch, left] of [[1, 72], [3, 72 - SHARD_PHOTOS]]) {
      const stopped = join(folder, `stopped ${batch}`);
      await assertRejects(() => transformed(stopped, { photos, engine: new FakeEngine(batch) }), Error, "killed");
      const resumed = await transformed(stopped, { photos });
      assertEquals(resumed.engine.photos, left);
      assertEquals(await featuresOf(resumed), await featuresOf(whole));
      assertEquals(await cutPointsOf(resumed), await cutPointsOf(whole));
    }
  }));

Deno.test("transform stores no cut points over the disk budget, and says what that costs", () =>
  inFolder(async (folder) => {
    const { index, tools } = await transformed(folder, { disk: NO_DISK });
    assertEquals(index.cutPoints, false);
    assertEquals(await tools.folder.list(), ["features-00000.safetensors"]);
    assertEquals(tools.warnings.length, 1);
    assertEquals(tools.warnings[0].includes("more than --cache-gb 0"), true);
    assertEquals((await transformed(folder)).index.cutPoints, true);
  }));

/** A folder in which the process is killed before a shard's features are written. */
class KilledBeforeFeatures extends StageFolder {
  override write(name: string, content: string | Uint8Array): Promise<void> {
    return name.startsWith("features") ? Promise.reject(new Error("killed")) : super.write(name, content);
  }
}

// The features of an earlier run without cut points, in another order, passed for those of a half-written shard.
Deno.test("transform takes cut points for none but the photos that they were made of", () =>
  inFolder(async (folder) => {
    await transformed(folder, { photos: PHOTOS.toReversed(), disk: NO_DISK });
    await assertRejects(() => transformed(folder, { files: KilledBeforeFeatures }), Error, "killed");
    const resumed = await transformed(folder);
    assertEquals(await cutPointsOf(resumed), await cutPointsOf(await transformed(join(folder, "other"))));
  }));

Deno.test("transform stores no cut points for a recipe that does not fine-tune the backbones", () =>
  inFolder(async (folder) => {
    const { index, tools } = await transformed(folder, { recipe: "linear-probe" });
    assertEquals(index.cutPoints, false);
    assertEquals((await tools.folder.list()).filter((name) => name.startsWith("cut_points")), []);
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
