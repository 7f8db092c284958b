import { assertEquals } from "@std/assert";
import { stacked, tensor } from "../../../model/tensor.ts";

Deno.test("stacked() puts tensors one after another on the first axis", () => {
  const first = tensor([2, 1, 2], Float32Array.of(1, 2, 3, 4));
  const second = tensor([1, 1, 2], Float32Array.of(5, 6));
  assertEquals(stacked([first, second]), tensor([3, 1, 2], Float32Array.of(1, 2, 3, 4, 5, 6)));
  assertEquals(stacked([first]), first);
});
