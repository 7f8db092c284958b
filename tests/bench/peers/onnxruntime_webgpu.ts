import { fromFileUrl, join } from "@std/path";
import { networkToOnnx } from "../../../model/engines/onnx/graphs/network_to_onnx.ts";
import type { Network } from "../../../model/networks/layers.ts";
import { Safetensors } from "../../../model/weights/safetensors.ts";
import type { TensorMap } from "../../../model/tensor.ts";
import { tensorFile } from "../../../pipeline/classifier/state_file.ts";
import { type Contestant, FLOAT32_TOLERANCE, type OpenNetwork } from "../contestants/contestant.ts";
import { productNetwork, productPhoto, productWeights } from "../contestants/product_network.ts";
import { PeerProcess } from "./peer_process.ts";
import { Milliseconds, Nothing } from "./torch.ts";

/**
 * onnxruntime's WebGPU provider on the same ONNX graphs that the project's engine for the CPU runs, in a process of its
 * own. It is tried with a small product first.
 * @param folder for graphs and arrays
 * @throws Error where it does not start: no binary with WebGPU for this platform, no GPU, or a crash.
 */
export async function onnxruntimeWebgpu(folder: string, version: string): Promise<Contestant> {
  const name = "onnxruntime-webgpu";
  const script = fromFileUrl(new URL("./onnxruntime_webgpu_peer.ts", import.meta.url));
  const process = PeerProcess.start(name, Deno.execPath(), ["run", "-A", "--quiet", script]);
  const open = async (graph: string, network: Network, weights: TensorMap): Promise<OpenNetwork> => {
    const place = (what: string) => join(folder, `onnxruntime-${graph}-${what}`);
    await Deno.writeFile(place("model.onnx"), networkToOnnx(network, weights, [network.output]));
    await process.ask({ do: "open", name: graph, model: place("model.onnx") }, Nothing);
    return {
      async prepare(input) {
        await Deno.writeFile(place("input"), tensorFile(new Map([["input", input]])));
        await process.ask({ do: "prepare", name: graph, input: place("input") }, Nothing);
      },
      async output() {
        await process.ask({ do: "run", name: graph, output: place("output") }, Milliseconds);
        return new Safetensors(await Deno.readFile(place("output"))).tensor("output").data;
      },
      run: async () => (await process.ask({ do: "run", name: graph }, Milliseconds)).ms,
      close: async () => void await process.ask({ do: "close", name: graph }, Nothing),
    };
  };
  const openProducts = async (side: number, products: number) => {
    const network = productNetwork(side, products);
    const opened = await open("products", network, productWeights(network));
    await opened.prepare(productPhoto(network));
    return opened;
  };
  try {
    const trial = await openProducts(64, 1);
    await trial.run();
    await trial.close();
  } catch (error) {
    await process.close();
    throw error;
  }
  return {
    name,
    device: `the WebGPU provider of onnxruntime ${version}`,
    on: "GPU",
    tolerance: FLOAT32_TOLERANCE,
    open: ({ network, weights }) => open(network.architecture, network, weights),
    openProducts,
    close: () => process.close(),
  };
}
