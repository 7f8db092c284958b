import { assertEquals } from "@std/assert";
import { generalProducts } from "../../../../model/autograd/gemm.ts";
import { add, input, matMul, multiply, relu, scalar } from "../../../../model/autograd/operations.ts";
import { inOrder, type Value } from "../../../../model/autograd/value.ts";

const [a, b] = [input("a", [3, 4]), input("b", [4, 2])];

function productOf(value: Value, outputs: readonly Value[] = [value]) {
  return generalProducts(inOrder(outputs), new Set(outputs)).get(value);
}

Deno.test("generalProducts() lets a product take over a bias", () => {
  const bias = input("bias", [2]);
  const product = productOf(add(matMul(a, b), bias));
  assertEquals([product?.a, product?.b, product?.addend, product?.factor], [a, b, bias, 1]);
});

Deno.test("generalProducts() lets a product take over momentum", () => {
  const velocity = input("velocity", [3, 2]);
  const product = productOf(add(multiply(velocity, scalar(0.5)), matMul(a, b)));
  assertEquals([product?.addend, product?.factor], [velocity, 0.5]);
});

Deno.test("generalProducts() leaves a product alone that something else reads, or that is asked for", () => {
  const product = matMul(a, b);
  const sum = add(product, input("bias", [2]));
  assertEquals(productOf(sum, [add(sum, relu(product))]), undefined);
  assertEquals(productOf(sum, [sum, product]), undefined);
});

Deno.test("generalProducts() does not take over a sum that is larger than the product", () => {
  assertEquals(productOf(add(matMul(a, b), input("batch", [5, 3, 2]))), undefined);
});
