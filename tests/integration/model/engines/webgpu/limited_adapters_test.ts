import { assertEquals, assertLess } from "@std/assert";
import type { Engine } from "../../../../../model/engines/engine.ts";
import { openWebgpuEngine } from "../../../../../model/engines/webgpu/webgpu_engine.ts";
import { checkGoldenHead } from "../../training/golden_head.ts";
import { checkPlainStep } from "../../training/plain_step.ts";
import { embeddedGoldens, goldenError, readGolden } from "../golden_forward.ts";
import { limitedAdapter } from "../gpu/limited_adapter.ts";
import { testOnAdapter } from "../gpu/test_on_gpu.ts";

/** What an adapter that is not here has, beside the least bindings and grids of WebGPU. */
interface Adapter {
  readonly kilobytes: number;
  readonly invocations: number;
  readonly halves?: boolean;
}

/** In 16 bits a software driver compiles for so long that the least one stands for all. */
const ADAPTERS: readonly Adapter[] = [
  { kilobytes: 16, invocations: 128 },
  { kilobytes: 16, invocations: 256 },
  { kilobytes: 32, invocations: 128 },
  { kilobytes: 32, invocations: 256 },
  { kilobytes: 16, invocations: 128, halves: true },
];

const MEBIBYTE = 2 ** 20;
/** Both backbones, in 32 bits at every depth, in 16 at the last. */
const GOLDENS = ["tiny-resnet50-stride-1x1", "tiny-inception_v3-torchvision"];

async function assertComputes(engine: Engine): Promise<void> {
  for (const file of embeddedGoldens().filter(({ name }) => GOLDENS.includes(name))) {
    const golden = await readGolden(file);
    const { network, weights, input } = golden;
    const isWhole = engine.precision === "f32";
    const names = isWhole ? golden.depths.map(({ name }) => name) : [network.output];
    const compiled = await engine.compile(network, weights, names);
    assertLess(goldenError(golden, await compiled.run(input)), isWhole ? 1e-4 : 1e-2, file.name);
    await compiled.close();
  }
  await checkGoldenHead((spec, state) => engine.train(spec, state), 1e-5);
  await checkPlainStep((spec, state) => engine.train(spec, state), 1e-4);
}

for (const { kilobytes, invocations, halves = false } of ADAPTERS) {
  const lacks = halves ? "" : ", no clock, no 16 bits";
  testOnAdapter(
    `an adapter of ${kilobytes} KB and ${invocations} invocations a workgroup${lacks} computes as PyTorch does`,
    async (found) => {
      const adapter = limitedAdapter(found, {
        limits: {
          maxStorageBuffersPerShaderStage: 8,
          maxComputeWorkgroupStorageSize: kilobytes * 1024,
          maxComputeInvocationsPerWorkgroup: invocations,
          maxComputeWorkgroupSizeX: invocations,
          maxComputeWorkgroupSizeY: invocations,
          maxComputeWorkgroupsPerDimension: 65535,
          maxStorageBufferBindingSize: 128 * MEBIBYTE,
          maxBufferSize: 256 * MEBIBYTE,
        },
        without: halves ? [] : ["shader-f16", "timestamp-query"],
      });
      // What is not software goes the way of hardware.
      const engine = await openWebgpuEngine({ ...adapter, isSoftware: false });
      try {
        const hasHalves = halves && found.adapter.features.has("shader-f16");
        assertEquals(engine.precision, hasHalves ? "f16" : "f32");
        await assertComputes(engine);
        assertEquals(engine.halves?.overflow, undefined);
      } finally {
        await engine.close();
      }
    },
  );
}
