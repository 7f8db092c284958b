import { assertEquals } from "@std/assert";
import { conv2d, square } from "../../../../model/networks/conv2d.ts";

Deno.test("square() strides by 1 and pads nothing unless told", () => {
  assertEquals(square(3), { kernel: [3, 3], stride: [1, 1], padding: [0, 0] });
  assertEquals(square(7, 2, 3), { kernel: [7, 7], stride: [2, 2], padding: [3, 3] });
});

Deno.test("conv2d() writes a value of its own name and ends in a ReLU unless told", () => {
  const names = { name: "conv1", norm: "bn1", input: "input" };
  const plain = conv2d(3, 64, square(1), names);
  assertEquals([plain.output, plain.relu, plain.residual], ["conv1", true, undefined]);
  const told = conv2d(3, 64, square(1), { ...names, output: "sum", residual: "stem", relu: false });
  assertEquals([told.output, told.relu, told.residual], ["sum", false, "stem"]);
  assertEquals([told.inputChannels, told.outputChannels], [3, 64]);
});
