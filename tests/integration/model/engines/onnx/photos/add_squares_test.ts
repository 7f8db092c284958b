import { assertEquals, assertLessOrEqual } from "@std/assert";
import { squarePixels } from "../../../../../../data/picture/batches/resize.ts";
import { type Pixels, wholeBox } from "../../../../../../data/picture/pixels.ts";
import { addSquares } from "../../../../../../model/engines/onnx/photos/add_squares.ts";
import { onnxOnPixels } from "./onnx_on_pixels.ts";

const SIZE = 4;

function patterned(width: number, height: number): Pixels {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, k) => (k * k * 37 + k * 11) % 251);
  return { width, height, data };
}

/** How far the graph's square is at most from bytes, `[size, size, 3]`. */
async function distance(pixels: Pixels, expected: ArrayLike<number>): Promise<number> {
  const run = await onnxOnPixels(
    (graph, photo) => addSquares(graph, photo, new Map([["square", SIZE]])).get("square") ?? "",
    [1, 3, SIZE, SIZE],
    "float32",
  );
  const { shape, data } = await run(pixels);
  assertEquals(shape, [1, 3, SIZE, SIZE]);
  const apart = data.map((value, k) => {
    const [colour, place] = [Math.floor(k / SIZE ** 2), k % SIZE ** 2];
    return Math.abs(value - expected[3 * place + colour]);
  });
  return Math.max(...apart);
}

Deno.test("addSquares() resizes as the run does, but for the run's rounding", async () => {
  for (const [width, height] of [[1, 1], [3, 2], [2, 4], [4, 4], [8, 2], [3, 7], [11, 9], [15, 13]]) {
    const pixels = patterned(width, height);
    const square = await squarePixels(pixels, wholeBox(pixels), SIZE);
    assertLessOrEqual(await distance(pixels, square), 1.5, `${width}x${height}`);
  }
});
