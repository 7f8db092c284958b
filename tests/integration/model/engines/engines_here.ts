import { chooseEngine } from "../../../../model/engines/choose.ts";
import { ENGINE_NAMES, type EngineName } from "../../../../model/engines/engine.ts";
import { findGpuAdapter } from "../../../../model/engines/gpu/gpu_adapter.ts";

const gpu = await findGpuAdapter();

/** Whether WebGPU finds an adapter, software or not. */
export const gpuIsThere = gpu !== undefined;

/** Whether WebGPU would compute on the CPU: right, but too slow for anything that is not tiny. */
export const gpuIsSoftware = gpu?.isSoftware ?? false;

/**
 * Registers one test for each engine; WebGPU's are ignored, and say why, where there is no adapter.
 * @param lacking what the tests need and is not here: all are ignored and say so.
 */
export function testEachEngine(
  name: (engine: EngineName) => string,
  run: (engine: Awaited<ReturnType<typeof chooseEngine>>["engine"]) => Promise<void>,
  { engines = ENGINE_NAMES, lacking }: { readonly engines?: readonly EngineName[]; readonly lacking?: string } = {},
): void {
  for (const engineName of engines) {
    const missing = engineName === "webgpu" && gpu === undefined ? "graphics adapter" : lacking;
    Deno.test({
      name: missing === undefined ? name(engineName) : `${name(engineName)} (ignored: no ${missing})`,
      ignore: missing !== undefined,
      async fn() {
        const { engine } = await chooseEngine(engineName);
        try {
          await run(engine);
        } finally {
          await engine.close();
        }
      },
    });
  }
}
