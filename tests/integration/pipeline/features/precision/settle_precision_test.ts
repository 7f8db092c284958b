import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { PixelBatch } from "../../../../../data/base/pixel_batch.ts";
import type { IntegerNetworks } from "../../../../../model/engines/engine.ts";
import type { Network } from "../../../../../model/networks/layers.ts";
import type { ValueRanges } from "../../../../../model/networks/value_ranges.ts";
import type { Tensor, TensorMap } from "../../../../../model/tensor.ts";
import { RANGES_FILE } from "../../../../../pipeline/features/precision/backbone_ranges.ts";
import { CacheFolder } from "../../../../../pipeline/store/cache_folder.ts";
import { keepRanges, settlePrecision } from "../../../../../pipeline/features/precision/settle_precision.ts";
import { sha256 } from "../../../../../pipeline/files/hashing.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";
import { resizedBackbone } from "../../../../../model/weights/backbone.ts";
import { openBackbones } from "../../../../../pipeline/weights/open_backbones.ts";
import type { Precision } from "../../../../../pipeline/settings/config.ts";
import { writePhotos } from "../../../../end_to_end/command_line.ts";
import { CompilingEngine } from "../../../model/engines/compiling_engine.ts";
import { inFolder } from "../../in_folder.ts";
import { fakeToolsWith } from "../../runner/fake_tools.ts";

/** An engine by which a range is the sum of all bytes that it was measured on. */
class CountingEngine extends CompilingEngine {
  readonly batchSize = 32;
  /** Photos on which ranges were measured, backbone by backbone. */
  readonly measured: number[] = [];
  readonly integers: IntegerNetworks;

  constructor(isFast = true) {
    super();
    this.integers = {
      isFast: () => Promise.resolve(isFast),
      kernelBits: () => Promise.resolve(8),
      measureRanges: (network, _weights, _outputs, batches) => Promise.resolve(this.#measure(network, batches)),
      compile: () => Promise.reject(new Error("Cannot compile with this engine")),
    };
  }

  compile(_network: Network, _weights: TensorMap): Promise<never> {
    return Promise.reject(new Error("Cannot compile with this engine"));
  }

  #measure({ input, rows }: Network, batches: readonly (Tensor | PixelBatch)[]): ValueRanges {
    this.measured.push(batches.reduce((photos, { shape }) => photos + shape[0], 0));
    let sum = 0;
    for (const { data } of batches) for (const value of data) sum += value;
    return new Map([input, ...rows.map(({ output }) => output)].map((value) => [value, { least: -1, greatest: sum }]));
  }
}

const PHOTOS = Array.from({ length: 60 }, (_, k) => `cat.${k}.jpg`);

const INT8: Precision = "int8";

async function settled(
  folder: string,
  { engine = new CountingEngine(), wanted = INT8, photos = PHOTOS, weights = "same", size = 96, cache = "own" } = {},
) {
  await writePhotos(join(folder, "train"), photos);
  const tools = fakeToolsWith(join(folder, "run/transform"), {
    backbones: async () => (await openBackbones("mini")).map((backbone) => resizedBackbone(backbone, size)),
    weightsHash: () => Promise.resolve(weights),
    cache: new CacheFolder(join(folder, cache)),
  });
  const labelled = await Promise.all(photos.map(async (id) => {
    const bytes = await Deno.readFile(join(folder, "train", id));
    const box = { left: 0, top: 0, width: 80, height: 80 };
    const read = () => Promise.resolve(bytes);
    return { set: "train" as const, id, name: id, bytes: bytes.length, sha256: sha256(bytes), box, read };
  }));
  const given = await settlePrecision(wanted, engine, labelled, tools);
  await keepRanges(given, tools.folder);
  return { ...given, engine, tools };
}

Deno.test("settlePrecision() measures ranges on 24 photos once, and says so", () =>
  inFolder(async (folder) => {
    const first = await settled(folder);
    assertEquals(first.engine.measured, [24, 24]);
    assertEquals(first.tools.said, ["  precision: int8, by the ranges of 24 photos"]);
    assert(first.name.startsWith("int8 8 "));
    const again = await settled(folder);
    assertEquals([again.engine.measured, again.name], [[], first.name]);
    assertEquals(again.ranges, first.ranges);
  }));

Deno.test("settlePrecision() keeps the ranges when photos come and go, and measures others for other weights", () =>
  inFolder(async (folder) => {
    const first = await settled(folder);
    assertEquals((await settled(folder, { photos: PHOTOS.slice(30) })).name, first.name);
    assertNotEquals((await settled(folder, { weights: "others", photos: PHOTOS.slice(30) })).name, first.name);
  }));

Deno.test("settlePrecision() measures other photos' own ranges, as a new run on them does", () =>
  inFolder(async (folder) => {
    const first = await settled(folder, { photos: PHOTOS.slice(0, 20) });
    const others = await settled(folder, { photos: PHOTOS.slice(20, 40) });
    assertNotEquals(others.name, first.name);
    assertEquals((await settled(join(folder, "new"), { photos: PHOTOS.slice(20, 40) })).name, others.name);
  }));

Deno.test("settlePrecision() gives the same for the same photos in another order, and where ranges were damaged", () =>
  inFolder(async (folder) => {
    const first = await settled(folder);
    assertEquals((await settled(join(folder, "other"), { photos: PHOTOS.toReversed() })).name, first.name);
    const text = await first.tools.folder.readText(RANGES_FILE);
    for (
      const damaged of ["", "{", "[]", text.replace("-1", "-2"), text.replace('"measuredOn":["', '"measuredOn":["0')]
    ) {
      assertNotEquals(damaged, text);
      await first.tools.folder.write(RANGES_FILE, damaged);
      const again = await settled(folder);
      assertEquals([again.engine.measured, again.name], [[], first.name], "another run would take what is shared");
      await first.tools.folder.write(RANGES_FILE, damaged);
      const alone = await settled(folder, { cache: `without ${damaged.length}` });
      assertEquals([alone.engine.measured, alone.name], [[24, 24], first.name]);
    }
  }));

Deno.test("settlePrecision() takes what another run has measured on most of the same photos, and on fewer measures its own", () =>
  inFolder(async (folder) => {
    const cache = "../shared";
    const run = (name: string, from: number, to: number) =>
      settled(join(folder, name), { cache, photos: PHOTOS.slice(from, to) });
    const first = await run("first", 0, 40);
    for (const [from, to] of [[0, 40], [0, 60], [15, 60]]) {
      const again = await run(`from ${from} to ${to}`, from, to);
      assertEquals([again.engine.measured, again.name], [[], first.name]);
    }
    const own = await run("own", 30, 60);
    assertEquals(own.engine.measured, [24, 24]);
    // Of both the one that fits best.
    assertEquals((await run("like own", 28, 60)).name, own.name);
    assertEquals((await run("like first", 0, 45)).name, first.name);
  }));

Deno.test("settlePrecision() measures once where several runs begin at the same time", () =>
  inFolder(async (folder) => {
    const runs = ["one", "two", "three"].map((run) => settled(join(folder, run), { cache: "../shared" }));
    const all = await Promise.all(runs);
    assertEquals(all.flatMap(({ engine }) => engine.measured), [24, 24]);
    assertEquals(new Set(all.map(({ name }) => name)).size, 1);
  }));

/** At this size even the small backbones have work enough that integers pay. */
const LARGE = 512;

Deno.test("settlePrecision() takes integers by itself where networks are large and the processor fast", () =>
  inFolder(async (folder) => {
    const photos = PHOTOS.slice(0, 3);
    const slow = new CountingEngine(false);
    const said = async (given: Parameters<typeof settled>[1]) =>
      (await settled(folder, { wanted: "auto", photos, ...given })).name.slice(0, 4);
    assertEquals(await said({}), "f32");
    assertEquals(await said({ size: LARGE, engine: slow }), "f32");
    assertEquals(await said({ size: LARGE }), "int8");
    assertEquals(await said({ wanted: "int8" }), "int8");
    assertEquals(await said({}), "f32", "integers that were only asked for do not stay where nobody asks");
    assertEquals(await said({ size: LARGE }), "int8");
    // Once they were taken they stay, whatever another machine would take.
    assertEquals(await said({ size: LARGE, engine: slow }), "int8");
  }));

Deno.test("settlePrecision() stays with floats where integers are not there or not wanted", () =>
  inFolder(async (folder) => {
    assertEquals((await settled(folder)).name.slice(0, 4), "int8");
    const floats = await settled(folder, { wanted: "f32" });
    // Ranges beside features would say that those were computed with them.
    assertEquals([floats.name, floats.ranges, await floats.tools.folder.list()], ["f32", undefined, []]);
    const without = Object.assign(new CountingEngine(), { integers: undefined });
    assertEquals((await settled(folder, { wanted: "auto", size: LARGE, engine: without })).name, "f32");
    await assertRejects(() => settled(folder, { engine: without }), UserError, "Add --backend onnx");
  }));
