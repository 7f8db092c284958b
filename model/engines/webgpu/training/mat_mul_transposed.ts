import { input, matMul } from "../../../autograd/operations.ts";
import type { Tensor } from "../../../tensor.ts";
import { matMulShape } from "../../mat_mul_shape.ts";
import type { Device } from "../device/device.ts";
import { Readback } from "../device/readback.ts";
import { DeviceGraph } from "./device_graph.ts";
import { DeviceTensors } from "./device_tensors.ts";

/** See `Engine.matMulTransposed`: a graph of one matmul. */
export async function matMulTransposed(device: Device, a: Tensor, b: Tensor): Promise<Tensor> {
  const { m, n } = matMulShape(a, b);
  const product = matMul(input("a", a.shape), input("b", b.shape), { transposeB: true });
  const tensors = new DeviceTensors(device, new Map([["a", a.shape], ["b", b.shape]]));
  const readback = new Readback(device);
  const results = new Map([["product", product]]);
  const graph = new DeviceGraph(device, "a matmul", { results, nextState: new Map() }, tensors, readback);
  try {
    const [data] = await graph.run(new Map([["a", a], ["b", b]]), ["product"]);
    return { shape: [m, n], data };
  } finally {
    graph.destroy();
    tensors.destroy();
    readback.destroy();
  }
}
