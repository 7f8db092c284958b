import type { Network } from "../../../networks/layers.ts";
import { tensorShapes } from "../../../networks/network_tensors.ts";
import { sizeOf, type Tensor, tensor } from "../../../tensor.ts";
import type { CompiledNetwork, KernelBits } from "../../engine.ts";
import { networkToOnnx } from "../graphs/network_to_onnx.ts";
import { type Cores, runnable } from "../sessions/runnable.ts";
import { quantisedNetworkToOnnx } from "./quantised_network_to_onnx.ts";

const CHANNELS = 128;
const SIZE = 28;
const BATCH = 4;

/** A convolution as backbones have many. */
const CONVOLUTION: Network = {
  architecture: "probe of the speed of bytes",
  input: "input",
  inputShape: { channels: CHANNELS, height: SIZE, width: SIZE },
  rows: [{
    kind: "convolution",
    name: "convolution",
    norm: "norm",
    input: "input",
    output: "output",
    inputChannels: CHANNELS,
    outputChannels: CHANNELS,
    kernel: [3, 3],
    stride: [1, 1],
    padding: [1, 1],
    relu: true,
  }],
  output: "output",
  epsilon: 1,
};

/** Bytes have to win by so much, as they do by far where there are instructions for them. */
const CLEARLY = 1.25;
const RUNS = 5;

/**
 * Whether networks in bytes are clearly faster here than in floats: the best of a few runs of one convolution in either,
 * in turns. Programs are not told by every system what a processor can do.
 */
export async function probeSpeed(kernelBits: KernelBits, cores: Cores): Promise<boolean> {
  const weights = new Map(
    [...tensorShapes(CONVOLUTION)].map(([name, shape]): [string, Tensor] => [
      name,
      tensor(shape, Float32Array.from({ length: sizeOf(shape) }, (_, k) => 1 + k % 7)),
    ]),
  );
  const ranges = new Map(["input", "output"].map((value) => [value, { least: 0, greatest: 1 }]));
  const outputs = [CONVOLUTION.output];
  await using opened = new AsyncDisposableStack();
  const open = async (model: Uint8Array<ArrayBuffer>) => {
    const network = await runnable(CONVOLUTION, model, cores);
    opened.defer(() => network.close());
    return network;
  };
  const bytes = await open(quantisedNetworkToOnnx(CONVOLUTION, weights, outputs, { ranges, kernelBits }));
  const floats = await open(networkToOnnx(CONVOLUTION, weights, outputs));
  const shape = [BATCH, CHANNELS, SIZE, SIZE];
  const photos = tensor(shape, new Float32Array(sizeOf(shape)).fill(0.5));
  const best = { bytes: Infinity, floats: Infinity };
  for (let run = 0; run < RUNS; run++) {
    best.bytes = Math.min(best.bytes, await milliseconds(bytes, photos));
    best.floats = Math.min(best.floats, await milliseconds(floats, photos));
  }
  return best.bytes * CLEARLY < best.floats;
}

async function milliseconds(network: CompiledNetwork, photos: Tensor): Promise<number> {
  const started = performance.now();
  await network.run(photos);
  return performance.now() - started;
}
