import { assertEquals, assertLessOrEqual, assertRejects } from "@std/assert";
import { squarePixels } from "../../../../../data/picture/batches/resize.ts";
import { wholeBox } from "../../../../../data/picture/pixels.ts";
import { colourAt, meanDifference, quarters } from "../pictures.ts";

Deno.test("squarePixels() squashes a box of the picture into a square", async () => {
  const picture = quarters(90, 40);
  const all = { width: 20, height: 20, data: await squarePixels(picture, wholeBox(picture), 20) };
  assertEquals(all.data.length, 20 * 20 * 3);
  for (const [across, down] of [[.2, .2], [.8, .2], [.2, .8], [.8, .8]]) {
    assertEquals(colourAt(all, across, down), colourAt(picture, across, down));
  }
  const upperRight = await squarePixels(picture, { left: 45, top: 0, width: 45, height: 20 }, 7);
  assertEquals([...upperRight], Array(49).fill(colourAt(picture, .75, .25)).flat());
});

Deno.test("squarePixels() of the same size changes nothing", async () => {
  const picture = quarters(31, 31);
  assertEquals(meanDifference(await squarePixels(picture, wholeBox(picture), 31), picture.data), 0);
});

Deno.test("squarePixels() shrinks with Pillow's widened triangle filter", async () => {
  const side = 40;
  const data = Uint8Array.from({ length: side * side * 3 }, (_, index) => {
    const column = Math.floor(index / 3) % side;
    return (column * column * 37 + column * 11) % 251;
  });
  // Columns 1 to 14 of sixteen, by Image.resize((16, 16), Image.BILINEAR) of Pillow 13; at the edges, libvips repeats
  // the last pixel and Pillow narrows the filter.
  const byPillow = [142, 166, 132, 94, 145, 136, 100, 170, 189, 157, 159, 106, 172, 118];
  const picture = { width: side, height: side, data };
  const shrunk = await squarePixels(picture, wholeBox(picture), 16);
  byPillow.forEach((value, column) => assertLessOrEqual(Math.abs(shrunk[(column + 1) * 3] - value), 1));
});

Deno.test("squarePixels() makes one side longer and the other shorter as Pillow does", async () => {
  const data = Uint8Array.from({ length: 8 * 2 * 3 }, (_, k) => (k * k * 37 + k * 11) % 251);
  const square = await squarePixels({ width: 8, height: 2, data }, { left: 0, top: 0, width: 8, height: 2 }, 4);
  // Columns 1 and 2 of each row, by Image.resize((4, 4), Image.BILINEAR) of Pillow 13.
  const byPillow = [
    [123, 99, 148, 176, 94, 117],
    [148, 106, 128, 183, 106, 118],
    [199, 119, 88, 196, 129, 119],
    [224, 125, 68, 203, 140, 119],
  ];
  byPillow.forEach((row, y) =>
    row.forEach((value, k) => assertLessOrEqual(Math.abs(square[y * 12 + 3 + k] - value), 1, `row ${y}`))
  );
});

Deno.test("squarePixels() enlarges one pixel", async () => {
  const pixel = { width: 1, height: 1, data: Uint8Array.of(10, 20, 30) };
  assertEquals([...await squarePixels(pixel, wholeBox(pixel), 2)], Array(4).fill([10, 20, 30]).flat());
});

Deno.test("squarePixels() refuses a box outside the picture", async () => {
  const box = { left: 5, top: 0, width: 6, height: 10 };
  await assertRejects(() => squarePixels(quarters(10, 10), box, 4), RangeError, "inside 10x10");
});
