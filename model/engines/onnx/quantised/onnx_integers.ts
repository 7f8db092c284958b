import { entryOf } from "../../../../data/base/entry_of.ts";
import type { Network } from "../../../networks/layers.ts";
import { mergedRanges, type ValueRanges } from "../../../networks/value_ranges.ts";
import type { TensorMap } from "../../../tensor.ts";
import type { IntegerNetworks, KernelBits } from "../../engine.ts";
import { type Cores, runnable } from "../sessions/runnable.ts";
import { probeKernelBits } from "./kernel_bits.ts";
import { probeSpeed } from "./probe_speed.ts";
import { quantisedNetworkToOnnx } from "./quantised_network_to_onnx.ts";
import { rangesGraph } from "./ranges_graph.ts";

/** Networks in 8-bit integers on the CPU, by onnxruntime. */
export function onnxIntegers(cores: Cores): IntegerNetworks {
  let bits: Promise<KernelBits> | undefined;
  const kernelBits = () => bits ??= probeKernelBits(cores);
  return {
    isFast: async () => await probeSpeed(await kernelBits(), cores),
    kernelBits,
    async measureRanges(network, weights, outputs, batches) {
      const { model, values } = rangesGraph(network, weights, outputs);
      const measuring = await runnable(network, model, cores);
      let ranges: ValueRanges = new Map();
      try {
        for (const batch of batches) {
          const results = await measuring.run(batch);
          const only = (name: string) => entryOf(results, name, "a measured value").data[0];
          ranges = mergedRanges(
            ranges,
            new Map(values.map(({ value, least, greatest }) => [
              value,
              { least: only(least), greatest: only(greatest) },
            ])),
          );
        }
      } finally {
        await measuring.close();
      }
      return ranges;
    },
    async compile(network: Network, weights: TensorMap, outputs: readonly string[], ranges: ValueRanges) {
      const quantisedAs = { ranges, kernelBits: await kernelBits() };
      return await runnable(network, quantisedNetworkToOnnx(network, weights, outputs, quantisedAs), cores);
    },
  };
}
