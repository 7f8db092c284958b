import { join } from "@std/path";
import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import type { Network } from "../../../../../model/networks/layers.ts";
import type { CompiledNetwork, HalfFloats } from "../../../../../model/engines/engine.ts";
import { WIDE_FLOATS_FILE } from "../../../../../pipeline/features/precision/settle_floats.ts";
import { inFolder } from "../../in_folder.ts";
import { FakeEngine, featuresOf, PHOTOS, transformed } from "../../stages/transformed.ts";

/** The same in 16 bits, which add one to every value, until they do not hold what a backbone gives. */
class HalfEngine extends FakeEngine implements HalfFloats {
  override readonly batchSize = 2;
  override precision: "f16" | "f32" = "f16";
  readonly halves = this;
  overflow: string | undefined;

  /** @param overflowAt the run of a backbone in which that happens */
  constructor(public overflowAt = Infinity, failAt?: number) {
    super(failAt);
  }

  leave(): void {
    this.precision = "f32";
  }

  override async compile(network: Network, weights: unknown, outputs: readonly string[]): Promise<CompiledNetwork> {
    const compiled = await super.compile(network, weights, outputs);
    return {
      ...compiled,
      run: async (input) => {
        const values = await compiled.run(input);
        if (--this.overflowAt <= 0 && this.precision === "f16") {
          this.overflow = "conv1 of resnet50";
          this.leave();
        }
        const error = this.precision === "f16" ? 1 : 0;
        return new Map(
          [...values].map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => x + error) }]),
        );
      },
    };
  }
}

Deno.test("transform begins anew in 32 bits where 16 do not suffice, so that every row is what its key says", () =>
  inFolder(async (folder) => {
    const recipe = "linear-probe";
    const inFloats = await featuresOf(await transformed(join(folder, "floats"), { recipe }));
    for (const overflowAt of [1, 4]) {
      const place = join(folder, String(overflowAt));
      const widened = await transformed(place, { recipe, engine: new HalfEngine(overflowAt) });
      assertEquals(await featuresOf(widened), inFloats, `from run ${overflowAt} on`);
      // Another process knows at once, and does not try 16 bits again.
      const engine = new HalfEngine();
      const again = await transformed(place, { recipe, engine });
      assertEquals([again.engine.photos, engine.precision, again.index], [0, "f32", widened.index]);
      // Nor for photos that come later; other weights may fit.
      const grown = new HalfEngine();
      await transformed(place, { recipe, engine: grown, photos: [...PHOTOS, "cat.7.jpg"] });
      assertEquals([grown.photos, grown.precision], [1, "f32"]);
      const others = new HalfEngine();
      const halves = await transformed(place, { recipe, engine: others, weights: "others" });
      assertEquals(others.precision, "f16");
      assertNotEquals(await featuresOf(halves), inFloats);
      assertEquals(await halves.tools.folder.has(WIDE_FLOATS_FILE), false);
    }
  }));

Deno.test("transform that was killed after 16 bits did not suffice goes on in 32", () =>
  inFolder(async (folder) => {
    const recipe = "linear-probe";
    const killed = new HalfEngine(3, 3);
    await assertRejects(() => transformed(folder, { recipe, engine: killed }), Error, "killed");
    const engine = new HalfEngine();
    const after = await transformed(folder, { recipe, engine });
    assertEquals(engine.precision, "f32");
    assertEquals(await featuresOf(after), await featuresOf(await transformed(join(folder, "floats"), { recipe })));
  }));

Deno.test("transform computes in 32 bits what training starts from", () =>
  inFolder(async (folder) => {
    const engine = new HalfEngine();
    await transformed(folder, { recipe: "writeup", engine });
    assertEquals(engine.precision, "f32");
  }));
