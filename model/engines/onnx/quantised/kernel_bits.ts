import { entryOf } from "../../../../data/base/entry_of.ts";
import type { KernelBits } from "../../engine.ts";
import { slidingWindow } from "../graphs/network_to_onnx.ts";
import { OnnxGraph } from "../graphs/onnx_graph.ts";
import { ELEMENT_TYPES, type OnnxArray } from "../graphs/onnx_proto.ts";
import { OnnxSession } from "../sessions/onnx_session.ts";
import type { Cores } from "../sessions/runnable.ts";

/** Enough that vector instructions take part. */
const CHANNELS = 64;
const LARGEST_BYTE = 255;
const LARGEST_KERNEL = 127;
const EXACT_SUM = CHANNELS * LARGEST_BYTE * LARGEST_KERNEL;

/**
 * How many bits a kernel's integers may have here. Processors without instructions for sums of four products (x86's
 * VNNI) add two products of bytes in 16 bits, which cuts sums of two large ones off; in 7 bits none is so large.
 * Asked of the arithmetic itself: the largest bytes times the largest kernel, which has to come out exactly.
 */
export async function probeKernelBits({ threads, turns }: Cores): Promise<KernelBits> {
  const graph = new OnnxGraph("probe of the largest bytes");
  const scalar = (name: string, data: OnnxArray) => graph.initializer(name, [], data);
  graph.input("bytes", [1, CHANNELS, 1, 1], "uint8");
  const product = graph.node(
    "QLinearConv",
    [
      "bytes",
      scalar("scale", Float32Array.of(1)),
      scalar("zero_point", Uint8Array.of(0)),
      graph.initializer("kernel", [CHANNELS, CHANNELS, 1, 1], new Int8Array(CHANNELS * CHANNELS).fill(LARGEST_KERNEL)),
      scalar("kernel_scale", Float32Array.of(1)),
      scalar("kernel_zero_point", Int8Array.of(0)),
      // The exact sum is the byte 255.
      scalar("sum_scale", Float32Array.of(EXACT_SUM / LARGEST_BYTE)),
      scalar("sum_zero_point", Uint8Array.of(0)),
    ],
    "product",
    slidingWindow({ kernel: [1, 1], stride: [1, 1], padding: [0, 0] }),
  );
  const floats = graph.node("Cast", [product], "floats", { to: { int: ELEMENT_TYPES.float32 } });
  graph.output(floats, [1, CHANNELS, 1, 1]);
  const session = await OnnxSession.create(graph.name, graph.encode(), threads);
  try {
    const input = { shape: [1, CHANNELS, 1, 1], data: new Uint8Array(CHANNELS).fill(LARGEST_BYTE) };
    const results = await turns.run(() => session.run(new Map([["bytes", input]])));
    return entryOf(results, "floats", "a result").data.every((value) => value === LARGEST_BYTE) ? 8 : 7;
  } finally {
    await session.close();
  }
}
