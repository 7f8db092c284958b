import { assertEquals, assertRejects } from "@std/assert";
import type { CompiledNetwork } from "../../../../../model/engines/engine.ts";
import type { Network } from "../../../../../model/networks/layers.ts";
import { FeatureExtractor } from "../../../../../pipeline/features/extract/feature_extractor.ts";
import { openBackbones } from "../../../../../pipeline/weights/open_backbones.ts";
import { CompilingEngine } from "../../../model/engines/compiling_engine.ts";

/** An engine that has room for some networks, and tells which are open. */
class SmallEngine extends CompilingEngine {
  readonly batchSize = 1;
  readonly open = new Set<string>();

  constructor(readonly room: number) {
    super();
  }

  compile({ architecture }: Network): Promise<CompiledNetwork> {
    if (this.open.size === this.room) return Promise.reject(new Error("out of memory"));
    this.open.add(architecture);
    return Promise.resolve({
      run: () => Promise.resolve(new Map()),
      close: () => Promise.resolve(void this.open.delete(architecture)),
    });
  }
}

Deno.test("FeatureExtractor.create() leaves nothing open when a backbone does not compile", async () => {
  const engine = new SmallEngine(1);
  const backbones = await openBackbones("mini");
  await assertRejects(
    () => FeatureExtractor.create(engine, backbones, { givesCutPoints: false }),
    Error,
    "out of memory",
  );
  assertEquals(engine.open.size, 0);
});

Deno.test("FeatureExtractor has its backbones open until it is closed", async () => {
  const engine = new SmallEngine(2);
  const extractor = await FeatureExtractor.create(engine, await openBackbones("mini"), { givesCutPoints: false });
  assertEquals(engine.open.size, 2);
  await extractor.close();
  assertEquals(engine.open.size, 0);
});
