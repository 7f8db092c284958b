import { messageOf } from "../../data/base/message_of.ts";
import type { Engine, EngineName } from "./engine.ts";
import type { TfjsBackend } from "./tfjs/tfjs_backend.ts";

/** An engine, and one line that says why it was chosen. */
export interface EngineChoice {
  readonly engine: Engine;
  readonly reason: string;
}

/** What WebGPU finds on this machine. */
export interface FoundGpu {
  /** The adapter's own name. */
  readonly description: string;
  /** Whether it computes on the CPU after all. */
  readonly isSoftware: boolean;
  /** @param say tells the user one line */
  open(say: (line: string) => void): Promise<Engine>;
}

/** The ways to open engines on this machine. */
export interface EngineOpeners {
  findGpu(): Promise<FoundGpu | undefined>;
  readonly onnx: () => Promise<Engine>;
  readonly wasm: () => Promise<Engine>;
  readonly cpu: () => Promise<Engine>;
}

/** Libraries are loaded when their engine is opened: none of them is small. */
const THIS_MACHINE: EngineOpeners = {
  async findGpu() {
    const { findGpuAdapter } = await import("./gpu/gpu_adapter.ts");
    const found = await findGpuAdapter();
    if (found === undefined) return undefined;
    return {
      ...found,
      async open(say) {
        const { openWebgpuEngine } = await import("./webgpu/webgpu_engine.ts");
        return await openWebgpuEngine(found, { say });
      },
    };
  },
  async onnx() {
    const { openOnnxEngine } = await import("./onnx/onnx_engine.ts");
    return openOnnxEngine();
  },
  async wasm() {
    const { openWasmBackend } = await import("./tfjs/wasm_backend.ts");
    return tfjsEngineOn(await openWasmBackend());
  },
  async cpu() {
    const { openCpuBackend } = await import("./tfjs/cpu_backend.ts");
    return tfjsEngineOn(await openCpuBackend());
  },
};

async function tfjsEngineOn(backend: TfjsBackend): Promise<Engine> {
  const { tfjsEngine } = await import("./tfjs/tfjs_engine.ts");
  return tfjsEngine(backend);
}

/** How an engine is chosen, besides its name. */
export interface ChooseOptions {
  readonly openers?: EngineOpeners;
  /** Tells the user one line about what the engine does by itself. */
  say?(line: string): void;
}

/**
 * Opens the engine that was asked for. `auto` takes a GPU through WebGPU where there is one, else the fastest engine
 * that starts on the CPU; an adapter that is software itself is taken only by name.
 * @throws Error when the engine that was named cannot start here, with what to do; with `auto`, when none can.
 */
export async function chooseEngine(
  requested: "auto" | EngineName,
  { openers = THIS_MACHINE, say = () => {} }: ChooseOptions = {},
): Promise<EngineChoice> {
  if (requested === "auto") return await chooseFastest(openers, say);
  if (requested !== "webgpu") return { engine: await openers[requested](), reason: "asked for by name" };
  const gpu = await openers.findGpu();
  if (gpu === undefined) {
    throw new Error(
      "Cannot compute on webgpu: expected a graphics adapter, got none; install the graphics driver (on Linux Vulkan's), " +
        "or use --backend onnx",
    );
  }
  const reason = gpu.isSoftware ? "asked for by name; a software adapter, slower than onnx" : "asked for by name";
  return { engine: await gpu.open(say), reason };
}

async function chooseFastest(openers: EngineOpeners, say: (line: string) => void): Promise<EngineChoice> {
  const passedOver: string[] = [];
  const gpu = await openers.findGpu();
  if (gpu === undefined) passedOver.push("no GPU found");
  else if (gpu.isSoftware) passedOver.push(`${gpu.description} is no GPU but software`);
  else {
    try {
      return { engine: await gpu.open(say), reason: "the GPU found" };
    } catch (error) {
      passedOver.push(`the GPU did not start: ${messageOf(error)}`);
    }
  }
  for (const name of ["onnx", "wasm", "cpu"] as const) {
    try {
      return { engine: await openers[name](), reason: passedOver.join("; ") };
    } catch (error) {
      passedOver.push(`${name} did not start: ${messageOf(error)}`);
    }
  }
  throw new Error(`Cannot compute: expected an engine that starts here, got none (${passedOver.join("; ")})`);
}
