import { chooseEngine } from "../../../../model/engines/choose.ts";
import { ENGINE_NAMES, type EngineName } from "../../../../model/engines/engine.ts";
import { findGpuAdapter } from "../../../../model/engines/gpu/gpu_adapter.ts";

const gpu = await findGpuAdapter();

/** Whether WebGPU would compute on the CPU: right, but too slow for anything that is not tiny. */
export const gpuIsSoftware = gpu?.isSoftware ?? false;

/** Registers one test for each engine; WebGPU's are ignored, and say why, where there is no adapter. */
export function testEachEngine(
  name: (engine: EngineName) => string,
  run: (engine: Awaited<ReturnType<typeof chooseEngine>>["engine"]) => Promise<void>,
  engines: readonly EngineName[] = ENGINE_NAMES,
): void {
  for (const engineName of engines) {
    const missing = engineName === "webgpu" && gpu === undefined;
    Deno.test({
      name: missing ? `${name(engineName)} (ignored: no graphics adapter)` : name(engineName),
      ignore: missing,
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
