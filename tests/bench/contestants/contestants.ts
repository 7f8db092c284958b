import { messageOf } from "../../../data/base/message_of.ts";
import { findGpuAdapter } from "../../../model/engines/gpu/gpu_adapter.ts";
import { chooseEngine } from "../../../model/engines/choose.ts";
import type { EngineName } from "../../../model/engines/engine.ts";
import { TfjsNetwork } from "../../../model/engines/tfjs/tfjs_network.ts";
import type { TfjsBackend } from "../../../model/engines/tfjs/tfjs_backend.ts";
import { openWasmBackend } from "../../../model/engines/tfjs/wasm_backend.ts";
import { openWebgpuBackend } from "../../../model/engines/tfjs/webgpu_backend.ts";
import {
  type Contestant,
  FLOAT16_TOLERANCE,
  FLOAT32_TOLERANCE,
  INTEGER_TOLERANCE,
  localContestant,
  seeingContestant,
} from "./contestant.ts";
import { CONTESTANT_NAMES, type ContestantName } from "../options.ts";
import { onnxruntimeWebgpu } from "../peers/onnxruntime_webgpu.ts";

/** Those that compute on a graphics adapter. */
const ON_GPU: readonly ContestantName[] = ["webgpu", "tfjs-webgpu", "onnxruntime-webgpu"];

/** A contestant that is left out, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

/**
 * Opens what can run the backbones here: everything that was named, or what suits the machine (adapters that are
 * software are left out, since their times say nothing of WebGPU).
 * @param folder for graphs and arrays that go to another process
 * @param versions of the libraries
 */
export async function openContestants(
  named: ReadonlySet<ContestantName> | undefined,
  folder: string,
  versions: { readonly onnxruntime: string },
): Promise<{ contestants: Contestant[]; leftOut: LeftOut[] }> {
  const gpu = await findGpuAdapter();
  const open: Record<ContestantName, () => Promise<Contestant>> = {
    onnx: () => ownEngine("onnx"),
    "onnx-int8": () => ownIntegers(),
    webgpu: () => ownEngine("webgpu"),
    "tfjs-webgpu": async () => {
      if (gpu === undefined) throw new Error("no graphics adapter");
      return onTfjs("tfjs-webgpu", await openWebgpuBackend(gpu));
    },
    "onnxruntime-webgpu": () => onnxruntimeWebgpu(folder, versions.onnxruntime),
    "tfjs-wasm": async () => onTfjs("tfjs-wasm", await openWasmBackend()),
  };
  const contestants: Contestant[] = [];
  const leftOut: LeftOut[] = [];
  for (const name of CONTESTANT_NAMES) {
    const reason = named ? undefined : unsuitable(name, gpu);
    if (named && !named.has(name)) continue;
    if (reason) {
      leftOut.push({ name, reason });
      continue;
    }
    try {
      contestants.push(await open[name]());
    } catch (error) {
      leftOut.push({ name, reason: messageOf(error) });
    }
  }
  return { contestants, leftOut };
}

function unsuitable(
  name: ContestantName,
  gpu: { readonly description: string; readonly isSoftware: boolean } | undefined,
): string | undefined {
  if (!ON_GPU.includes(name)) return undefined;
  if (gpu === undefined) return "no graphics adapter";
  return gpu.isSoftware
    ? `${gpu.description} is no GPU but software; --engines ${name} runs it all the same`
    : undefined;
}

async function ownEngine(name: EngineName): Promise<Contestant> {
  const { engine } = await chooseEngine(name, { say: (line) => console.error(line) });
  const onGpu = name === "webgpu";
  return localContestant(
    {
      name,
      device: engine.device,
      on: onGpu ? "GPU" : "CPU",
      tolerance: engine.precision === "f16" ? FLOAT16_TOLERANCE : FLOAT32_TOLERANCE,
      close: () => engine.close(),
    },
    // As in a run of thousands of photos.
    (network, weights, outputs) => engine.compile(network, weights, outputs, { longJob: true }),
  );
}

async function ownIntegers(): Promise<Contestant> {
  const { engine } = await chooseEngine("onnx");
  const { integers } = engine;
  if (!integers) throw new Error("an engine without integers");
  return seeingContestant(
    {
      name: "onnx-int8",
      device: `${engine.device}, kernels in ${await integers.kernelBits()} bits`,
      on: "CPU, 8 bits",
      tolerance: INTEGER_TOLERANCE,
      close: () => engine.close(),
    },
    async (network, weights, outputs, photos) => {
      const ranges = await integers.measureRanges(network, weights, outputs, [photos]);
      return await integers.compile(network, weights, outputs, ranges);
    },
  );
}

function onTfjs(name: ContestantName, backend: TfjsBackend): Contestant {
  return localContestant(
    {
      name,
      device: backend.device,
      on: name === "tfjs-webgpu" ? "GPU" : "CPU",
      tolerance: FLOAT32_TOLERANCE,
      close: () => Promise.resolve(backend.close()),
    },
    (network, weights, outputs) => TfjsNetwork.compile(backend, network, weights, outputs),
  );
}
