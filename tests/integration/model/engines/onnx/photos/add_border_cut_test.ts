import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { MINIMUM_CHANNEL, MINIMUM_MEAN, whiteBorder } from "../../../../../../data/picture/facts/borders.ts";
import { addBorderCut } from "../../../../../../model/engines/onnx/photos/add_border_cut.ts";
import { cropped, flatPixels, mostlyWhitePixels, painted } from "../../../../../unit/data/picture/generated_pixels.ts";
import { onnxOnPixels } from "./onnx_on_pixels.ts";

const RULE = { minimumChannel: MINIMUM_CHANNEL, minimumMean: MINIMUM_MEAN };

const cut = () =>
  onnxOnPixels(
    (graph, photo) => addBorderCut(graph, photo, RULE),
    ["height of the rest", "width of the rest", 3],
    "uint8",
  );

Deno.test("addBorderCut() leaves of any picture what whiteBorder() leaves", async () => {
  const run = await cut();
  await fc.assert(
    fc.asyncProperty(mostlyWhitePixels, async (pixels) => {
      const { width, height, data } = cropped(pixels, whiteBorder(pixels));
      assertEquals(await run(pixels), { shape: [height, width, 3], data: [...data] });
    }),
    { numRuns: 400 },
  );
});

Deno.test("addBorderCut() cuts again where cutting columns makes rows white", async () => {
  // The pale line is white enough for a row and for columns, whatever is beside it; the rest is cut from all sides.
  let pixels = flatPixels(9, 9, [255, 255, 255]);
  pixels = painted(pixels, { left: 0, top: 4, width: 4, height: 1 }, [250, 250, 250]);
  pixels = painted(pixels, { left: 4, top: 3, width: 2, height: 3 }, [20, 90, 30]);
  const { width, height, data } = cropped(pixels, whiteBorder(pixels));
  assertEquals([width, height], [2, 3]);
  assertEquals(await (await cut())(pixels), { shape: [3, 2, 3], data: [...data] });
});
