import { join } from "@std/path";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { FUSED_BACKBONES } from "../../../../model/networks/fused/fusion_net.ts";
import type { Tensor } from "../../../../model/tensor.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { SHARD_PHOTOS } from "../../../../pipeline/features/store/shard_names.ts";
import { readShardContents } from "../../../../pipeline/features/store/feature_shard.ts";
import { transform } from "../../../../pipeline/stages/transform.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { filesBelow, writePhotos } from "../../../end_to_end/command_line.ts";
import { inFolder } from "../in_folder.ts";

import { FakeEngine, featuresOf, NO_DISK, PHOTOS, TEST_PHOTOS, type Transformed, transformed } from "./transformed.ts";

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
    await writePhotos(join(folder, "test"), TEST_PHOTOS);
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
    let scanned: Uint8Array<ArrayBuffer> | undefined;
    /** Replaces a photo as soon as transform opens its backbones: after it was scanned, before it is decoded. */
    const replaced = async () => {
      scanned ??= await Deno.readFile(path);
      await Deno.copyFile(join(folder, "train/cat.0.jpg"), path);
    };
    const error = await assertRejects(() => transformed(folder, { beforeReading: replaced }), UserError);
    assertEquals(error.message.startsWith("Cannot use dog.2.jpg of the train photos: expected the photo as it"), true);
    await Deno.writeFile(path, scanned ?? Uint8Array.of());
    assertEquals(
      await featuresOf(await transformed(folder)),
      await featuresOf(await transformed(join(folder, "other"))),
    );
  }));
