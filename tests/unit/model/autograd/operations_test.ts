import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  add,
  concatenate,
  constant,
  gatherRows,
  input,
  matMul,
  reshape,
  slice,
  sum,
  transpose,
} from "../../../../model/autograd/operations.ts";

const matrix = input("matrix", [3, 4]);

Deno.test("add() stretches extents of 1 and adds leading axes", () => {
  assertEquals(add(matrix, input("row", [4])).shape, [3, 4]);
  assertEquals(add(input("column", [3, 1]), input("row", [4])).shape, [3, 4]);
  assertEquals(add(input("number", []), matrix).shape, [3, 4]);
});

Deno.test("add() has the same shape whichever operand comes first", () => {
  const extents = fc.array(fc.constantFrom(1, 2, 3), { maxLength: 3 });
  fc.assert(fc.property(extents, extents, (left, right) => {
    const [a, b] = [input("a", left), input("b", right)];
    const shapeOf = (sum: () => { shape: readonly number[] }) => {
      try {
        return sum().shape;
      } catch (error) {
        return error instanceof RangeError ? "refused" : error;
      }
    };
    assertEquals(shapeOf(() => add(a, b)), shapeOf(() => add(b, a)));
  }));
});

Deno.test("operations refuse shapes that do not fit, and say which", () => {
  const cases: [() => unknown, string][] = [
    [() => add(matrix, input("x", [3])), "Cannot add: expected shapes that broadcast, got [3,4] and [3]"],
    [() => matMul(matrix, matrix), "Cannot matMul: expected inner extents and batches that fit, got [3,4] and [3,4]"],
    [() => matMul(matrix, input("x", [4])), "Cannot matMul: expected matrices, got [4]"],
    [() => matMul(input("a", [2, 1, 4]), input("b", [3, 4, 1])), "batches that fit"],
    [() => sum(matrix, [2]), "Cannot sum: expected different axes of [3,4], got [2]"],
    [() => sum(matrix, [0, 0]), "Cannot sum: expected different axes of [3,4], got [0,0]"],
    [() => reshape(matrix, [5]), "Cannot reshape: expected 12 elements, got [5]"],
    [() => transpose(matrix, [0]), "Cannot transpose: expected all axes, got [0]"],
    [() => slice(matrix, 1, 2, 5), "Cannot slice: expected a part of 0 to 4, got 2 to 5"],
    [() => slice(matrix, 1, 2, 2), "Cannot slice"],
    [() => concatenate([], 0), "Cannot concatenate: expected at least one part, got none"],
    [() => concatenate([matrix, input("x", [3, 5])], 0), "parts that differ on axis 0 alone, got [3,4] and [3,5]"],
    [() => gatherRows(matrix, Int32Array.of(0, 3)), "Cannot gatherRows: expected row numbers from -1 to 2, got 3"],
    [() => constant([2], Float32Array.of(1)), "Cannot make a constant: expected 2 values for [2], got 1"],
  ];
  for (const [run, message] of cases) assertThrows(run, RangeError, message);
});

Deno.test("matMul() sees its operands as they are transposed", () => {
  const b = input("b", [5, 4]);
  assertEquals(matMul(matrix, b, { transposeB: true }).shape, [3, 5]);
  assertEquals(matMul(matrix, input("c", [3, 2]), { transposeA: true }).shape, [4, 2]);
  assertEquals(matMul(matrix, input("d", [7, 4, 2])).shape, [7, 3, 2]);
});

Deno.test("reshape() and concatenate() give a value itself back where nothing changes", () => {
  assertStrictEquals(reshape(matrix, [3, 4]), matrix);
  assertStrictEquals(concatenate([matrix], 0), matrix);
});
