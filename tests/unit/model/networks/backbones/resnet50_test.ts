import { assertEquals, assertThrows } from "@std/assert";
import type { ConvolutionRow, Network } from "../../../../../model/networks/layers.ts";
import { multiplyAdds } from "../../../../../model/networks/network.ts";
import { tensorShapes } from "../../../../../model/networks/network_tensors.ts";
import { parameterCount } from "./parameter_count.ts";
import { resnet50 } from "../../../../../model/networks/backbones/resnet50.ts";

function convolutions(network: Network): ConvolutionRow[] {
  return network.rows.filter((row) => row.kind === "convolution");
}

Deno.test("resnet50() has torchvision's layers and parameters", () => {
  const network = resnet50();
  assertEquals(network.rows.length, 55);
  assertEquals(convolutions(network).length, 53);
  assertEquals(parameterCount(network), 23_508_032);
  assertEquals(tensorShapes(network).get("layer2.0.downsample.0.weight"), [512, 256, 1, 1]);
});

Deno.test("resnet50() costs what its paper says: about 4.1 billion multiply-adds", () => {
  assertEquals(multiplyAdds(resnet50()), 4_087_136_256);
});

Deno.test("resnet50() strides where its weights want it", () => {
  const strided = (strideIn: "3x3" | "1x1") =>
    convolutions(resnet50({ strideIn })).filter(({ stride }) => stride[0] === 2).map(({ name }) => name);
  const projections = ["layer2.0.downsample.0", "layer3.0.downsample.0", "layer4.0.downsample.0"];
  const others = (strideIn: "3x3" | "1x1") => strided(strideIn).filter((name) => !projections.includes(name));
  assertEquals(others("3x3"), ["conv1", "layer2.0.conv2", "layer3.0.conv2", "layer4.0.conv2"]);
  assertEquals(others("1x1"), ["conv1", "layer2.0.conv1", "layer3.0.conv1", "layer4.0.conv1"]);
  assertEquals(strided("1x1").filter((name) => projections.includes(name)), projections);
});

Deno.test("resnet50() adds the residual before the last ReLU of each of its 16 blocks", () => {
  const last = convolutions(resnet50()).filter(({ residual }) => residual !== undefined);
  assertEquals(last.length, 16);
  assertEquals(last.every(({ name, relu }) => name.endsWith(".conv3") && relu), true);
  assertEquals(last.slice(0, 3).map(({ residual }) => residual), ["layer1.0.downsample", "layer1.0", "layer1.1"]);
});

Deno.test("resnet50() refuses a width that gives no whole channel counts", () => {
  assertThrows(() => resnet50({ width: 0.3 }), RangeError, "expected a width that is a positive multiple of 1/16");
  assertThrows(() => resnet50({ width: 0 }), RangeError);
});
