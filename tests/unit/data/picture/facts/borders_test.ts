import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { MINIMUM_CHANNEL, MINIMUM_MEAN, whiteBorder } from "../../../../../data/picture/facts/borders.ts";
import { assertBoxInside, wholeBox } from "../../../../../data/picture/pixels.ts";
import { cropped, flatPixels, mostlyWhitePixels, painted } from "../generated_pixels.ts";

const WHITE = [255, 255, 255];
const GREY = [120, 120, 120];

Deno.test("whiteBorder() finds what is inside a border of other width on each side", () => {
  const box = { left: 3, top: 1, width: 20, height: 10 };
  assertEquals(whiteBorder(painted(flatPixels(40, 17, WHITE), box, [10, 90, 30])), box);
});

Deno.test("whiteBorder() finds the inside of any border", () => {
  const side = fc.nat({ max: 8 });
  fc.assert(fc.property(side, side, side, side, (left, top, right, bottom) => {
    const box = { left, top, width: 5, height: 4 };
    const pixels = flatPixels(left + box.width + right, top + box.height + bottom, WHITE);
    assertEquals(whiteBorder(painted(pixels, box, GREY)), box);
  }));
});

Deno.test("whiteBorder() keeps a picture whole that is white all over", () => {
  for (const [width, height] of [[1, 1], [1, 9], [9, 1], [30, 20]]) {
    const white = flatPixels(width, height, [254, 255, 253]);
    assertEquals(whiteBorder(white), wholeBox(white));
  }
});

Deno.test("whiteBorder() leaves a white animal on grey untouched, also where it touches the edge", () => {
  const pixels = painted(flatPixels(30, 20, GREY), { left: 5, top: 0, width: 20, height: 18 }, WHITE);
  assertEquals(whiteBorder(pixels), wholeBox(pixels));
});

Deno.test("whiteBorder() leaves pale grey untouched, though no pixel of it is dark", () => {
  const pixels = painted(flatPixels(30, 20, [235, 235, 235]), { left: 9, top: 9, width: 3, height: 3 }, GREY);
  assertEquals(whiteBorder(pixels), wholeBox(pixels));
});

Deno.test("whiteBorder() does not cut a row with one pixel that is not near white", () => {
  const spot = { left: 7, top: 0, width: 1, height: 1 };
  const pixels = painted(flatPixels(300, 20, WHITE), { left: 0, top: 5, width: 300, height: 15 }, GREY);
  assertEquals(whiteBorder(painted(pixels, spot, [255, MINIMUM_CHANNEL - 1, 255])), wholeBox(pixels));
  assertEquals(whiteBorder(painted(pixels, spot, [255, MINIMUM_CHANNEL, 255])).top, 5);
});

Deno.test("whiteBorder() counts a row as white from the stated mean on", () => {
  const border = (level: number) => {
    const pixels = flatPixels(10, 10, [level, level, level]);
    return whiteBorder(painted(pixels, { left: 0, top: 4, width: 10, height: 6 }, GREY)).top;
  };
  assertEquals([border(MINIMUM_MEAN), border(MINIMUM_MEAN - 1)], [4, 0]);
});

Deno.test("whiteBorder() cuts rows that are white only once columns are cut", () => {
  // The pale line spoils the first row's mean and, one pixel each, not its columns': they go first, and the row after.
  const pale = painted(flatPixels(40, 40, WHITE), { left: 0, top: 0, width: 20, height: 1 }, [210, 210, 210]);
  const box = { left: 25, top: 20, width: 8, height: 8 };
  assertEquals(whiteBorder(painted(pale, box, GREY)), box);
});

Deno.test("whiteBorder() is never empty, lies inside, and trimming twice changes nothing", () => {
  fc.assert(
    fc.property(mostlyWhitePixels, (pixels) => {
      const box = whiteBorder(pixels);
      assertBoxInside(box, pixels);
      assertEquals(whiteBorder(cropped(pixels, box)), wholeBox(box));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("whiteBorder() cuts nothing that is not near white", () => {
  fc.assert(fc.property(mostlyWhitePixels, (pixels) => {
    const { left, top, width, height } = whiteBorder(pixels);
    for (let index = 0; index < pixels.data.length; index++) {
      const x = Math.floor(index / 3) % pixels.width;
      const y = Math.floor(index / 3 / pixels.width);
      const inside = x >= left && x < left + width && y >= top && y < top + height;
      assert(inside || pixels.data[index] >= MINIMUM_CHANNEL);
    }
  }));
});
