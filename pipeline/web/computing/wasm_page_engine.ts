import { networkToOnnx, pixelInput } from "../../../model/engines/onnx/graphs/network_to_onnx.ts";
import { batchOf } from "../../../model/engines/compiled_network.ts";
import { OneAtATime } from "../../../model/engines/one_at_a_time.ts";
import type { Tensor } from "../../../model/tensor.ts";
import type { PageEngine } from "./page_engine.ts";

/** More at a time only takes more memory on one core. */
const BATCH_SIZE = 2;

/**
 * The visitor's processor by onnxruntime in WebAssembly: one thread, since pages get several only from hosts that send
 * particular headers.
 * @param binary onnxruntime's WebAssembly
 */
export async function openWasmPageEngine(binary: Uint8Array<ArrayBuffer>): Promise<PageEngine> {
  const { env, InferenceSession, Tensor: Value } = await import("onnxruntime-web/wasm");
  env.wasm.wasmBinary = binary.buffer;
  env.wasm.numThreads = 1;
  env.logLevel = "error";
  const turns = new OneAtATime();
  return {
    name: "wasm",
    device: "this device's processor, by WebAssembly",
    batchSize: BATCH_SIZE,
    async compile(network, weights, outputs) {
      const session = await InferenceSession.create(networkToOnnx(network, weights, outputs), {
        executionProviders: ["wasm"],
        enableCpuMemArena: false,
        enableMemPattern: false,
      });
      const name = network.normalisation ? pixelInput(network.input) : network.input;
      return {
        async run(input) {
          batchOf(network, input);
          const { shape, data } = input;
          const value = data instanceof Uint8Array
            ? new Value("uint8", data, shape)
            : new Value("float32", data, shape);
          const results = await turns.run(() => session.run({ [name]: value }));
          return new Map(
            Object.entries(results).map(([name, { dims, data }]): [string, Tensor] => {
              if (!(data instanceof Float32Array)) throw new Error(`expected ${name} in float32`);
              return [name, { shape: [...dims], data: data.slice() }];
            }),
          );
        },
        close: () => session.release(),
      };
    },
    close: () => Promise.resolve(),
  };
}
