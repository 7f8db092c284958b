import { assertEquals } from "@std/assert";
import { gemmsOf } from "../../../../model/autograd/gemm.ts";
import { add, input, matMul, multiply, relu, scalar } from "../../../../model/autograd/operations.ts";
import { inOrder, type Value } from "../../../../model/autograd/value.ts";

const [a, b] = [input("a", [3, 4]), input("b", [4, 2])];

function gemmOf(value: Value, outputs: readonly Value[] = [value]) {
  return gemmsOf(inOrder(outputs), new Set(outputs)).get(value);
}

Deno.test("gemmsOf() lets a matmul take over a bias", () => {
  const bias = input("bias", [2]);
  const gemm = gemmOf(add(matMul(a, b), bias));
  assertEquals([gemm?.a, gemm?.b, gemm?.addend, gemm?.factor], [a, b, bias, 1]);
});

Deno.test("gemmsOf() lets a matmul take over momentum", () => {
  const velocity = input("velocity", [3, 2]);
  const gemm = gemmOf(add(multiply(velocity, scalar(0.5)), matMul(a, b)));
  assertEquals([gemm?.addend, gemm?.factor], [velocity, 0.5]);
});

Deno.test("gemmsOf() leaves a matmul alone that something else reads, or that is asked for", () => {
  const product = matMul(a, b);
  const sum = add(product, input("bias", [2]));
  assertEquals(gemmOf(sum, [add(sum, relu(product))]), undefined);
  assertEquals(gemmOf(sum, [sum, product]), undefined);
});

Deno.test("gemmsOf() does not take over a sum that is larger than the matmul", () => {
  assertEquals(gemmOf(add(matMul(a, b), input("batch", [5, 3, 2]))), undefined);
});
