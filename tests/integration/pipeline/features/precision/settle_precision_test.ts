import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import type { PixelBatch } from "../../../../../data/base/pixel_batch.ts";
import type { IntegerNetworks } from "../../../../../model/engines/engine.ts";
import type { Network } from "../../../../../model/networks/layers.ts";
import type { ValueRanges } from "../../../../../model/networks/value_ranges.ts";
import type { Tensor, TensorMap } from "../../../../../model/tensor.ts";
import { RANGES_FILE } from "../../../../../pipeline/features/precision/backbone_ranges.ts";
import { settlePrecision } from "../../../../../pipeline/features/precision/settle_precision.ts";
import { sha256 } from "../../../../../pipeline/files/hashing.ts";
import { UserError } from "../../../../../pipeline/files/user_error.ts";
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

  #measure({ input }: Network, batches: readonly (Tensor | PixelBatch)[]): ValueRanges {
    this.measured.push(batches.reduce((photos, { shape }) => photos + shape[0], 0));
    let sum = 0;
    for (const { data } of batches) for (const value of data) sum += value;
    return new Map([[input, { least: -1, greatest: sum }]]);
  }
}

const PHOTOS = Array.from({ length: 60 }, (_, k) => `cat.${k}.jpg`);

async function settled(
  folder: string,
  { engine = new CountingEngine(), wanted = "auto" as Precision, photos = PHOTOS, weights = "same" } = {},
) {
  await writePhotos(join(folder, "train"), photos);
  const tools = fakeToolsWith(join(folder, "run/transform"), {
    backbones: () => openBackbones("mini"),
    weightsHash: () => Promise.resolve(weights),
  });
  const labelled = await Promise.all(photos.map(async (id) => {
    const bytes = await Deno.readFile(join(folder, "train", id));
    const box = { left: 0, top: 0, width: 80, height: 80 };
    const read = () => Promise.resolve(bytes);
    return { set: "train" as const, id, name: id, bytes: bytes.length, sha256: sha256(bytes), box, read };
  }));
  return { ...await settlePrecision(wanted, engine, labelled, tools), engine, tools };
}

Deno.test("settlePrecision() measures ranges on 48 photos once, and says so", () =>
  inFolder(async (folder) => {
    const first = await settled(folder);
    assertEquals(first.engine.measured, [48, 48]);
    assertEquals(first.tools.said, ["  precision: int8, by the ranges of 48 photos"]);
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

Deno.test("settlePrecision() gives the same for the same photos in another order, and where ranges were damaged", () =>
  inFolder(async (folder) => {
    const first = await settled(folder);
    assertEquals((await settled(join(folder, "other"), { photos: PHOTOS.toReversed() })).name, first.name);
    const text = await first.tools.folder.readText(RANGES_FILE);
    for (const damaged of ["", "{", "[]", text.replace("-1", "-2"), text.replace('"photos":48', '"photos":47')]) {
      assertNotEquals(damaged, text);
      await first.tools.folder.write(RANGES_FILE, damaged);
      const again = await settled(folder);
      assertEquals([again.engine.measured, again.name], [[48, 48], first.name]);
    }
  }));

Deno.test("settlePrecision() stays with floats where integers are slower, are not there or not wanted", () =>
  inFolder(async (folder) => {
    const slow = await settled(folder, { engine: new CountingEngine(false) });
    assertEquals([slow.name, slow.ranges, await slow.tools.folder.list()], ["f32", undefined, []]);
    assertEquals(
      (await settled(folder, { wanted: "int8", engine: new CountingEngine(false) })).name.slice(0, 4),
      "int8",
    );
    const floats = await settled(folder, { wanted: "f32" });
    // Ranges beside features would say that those were computed with them.
    assertEquals([floats.name, await floats.tools.folder.list()], ["f32", []]);
    const without = Object.assign(new CountingEngine(), { integers: undefined });
    assertEquals((await settled(folder, { engine: without })).name, "f32");
    await assertRejects(() => settled(folder, { engine: without, wanted: "int8" }), UserError, "Add --backend onnx");
  }));
