import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { readersOfRows } from "../../../../model/autograd/scatter_add_index.ts";
import { averagePoolMatrix, windowRows } from "../../../../model/autograd/windows.ts";

Deno.test("windowRows() lists the pixels under each window, and -1 over the padding", () => {
  const photo = { channels: 1, height: 3, width: 4 };
  const { places, taps, rows } = windowRows(2, photo, { kernel: [2, 2], stride: [2, 3], padding: [1, 0] });
  assertEquals({ places, taps }, { places: 4, taps: 4 });
  const first = [[-1, -1, 0, 1], [4, 5, 8, 9]];
  const second = [[-1, -1, 12, 13], [16, 17, 20, 21]];
  assertEquals([...rows], [...first, ...second].flat());
});

const windows = fc.record({
  height: fc.integer({ min: 1, max: 6 }),
  width: fc.integer({ min: 1, max: 6 }),
  kernel: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 3 }),
  padding: fc.integer({ min: 0, max: 1 }),
}).filter(({ height, width, kernel, padding }) => {
  return kernel <= Math.min(height, width) + 2 * padding && 2 * padding <= kernel;
});

Deno.test("averagePoolMatrix() weighs a window's pixels alike, to 1 or to the part that is no padding", () => {
  fc.assert(fc.property(windows, fc.boolean(), ({ height, width, kernel, stride, padding }, countPadding) => {
    const photo = { channels: 1, height, width };
    const window = {
      kernel: [kernel, kernel],
      stride: [stride, stride],
      padding: [padding, padding],
    } as const;
    const { taps, rows } = windowRows(1, photo, window);
    const { outputs, matrix } = averagePoolMatrix(photo, { ...window, countPadding });
    assertEquals(matrix.length, outputs * height * width);
    for (let place = 0; place < outputs; place++) {
      const weights = matrix.subarray(place * height * width, (place + 1) * height * width);
      const under = rows.subarray(place * taps, (place + 1) * taps).filter((row) => row >= 0);
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      assertAlmostEquals(total, countPadding ? under.length / taps : 1, 1e-6);
      assertEquals(new Set(weights.filter((weight) => weight > 0)).size, 1);
      assertEquals(weights.filter((weight) => weight > 0).length, under.length);
    }
  }));
});

Deno.test("readersOfRows() finds every position that names a row, and no other", () => {
  const lists = fc.integer({ min: 1, max: 6 }).chain((count) => {
    return fc.tuple(fc.constant(count), fc.array(fc.integer({ min: -1, max: count - 1 }), { minLength: 1 }));
  });
  fc.assert(fc.property(lists, ([count, list]) => {
    const { most, rows } = readersOfRows(Int32Array.from(list), count);
    for (let row = 0; row < count; row++) {
      const found = [...rows.subarray(row * most, (row + 1) * most)].filter((position) => position >= 0);
      assertEquals(found, list.flatMap((named, position) => (named === row ? [position] : [])));
    }
  }));
});
