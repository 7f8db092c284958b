import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { isoBoxes, isoBrands } from "../../../../../data/picture/limits/iso_boxes.ts";
import { bytesOfText, fileType, isoBox } from "./iso_files.ts";

Deno.test("isoBoxes() finds the boxes side by side, long ones and one to the end", () => {
  const long = Uint8Array.of(0, 0, 0, 1, ...bytesOfText("mdat"), 0, 0, 0, 0, 0, 0, 0, 18, 7, 7);
  const toEnd = Uint8Array.of(0, 0, 0, 0, ...bytesOfText("free"), 1, 2, 3);
  const bytes = Uint8Array.of(...isoBox("meta", new Uint8Array(4)), ...long, ...toEnd);
  assertEquals([...isoBoxes(bytes)], [
    { type: "meta", start: 8, end: 12 },
    { type: "mdat", start: 28, end: 30 },
    { type: "free", start: 38, end: 41 },
  ]);
});

Deno.test("isoBoxes() ends on any bytes, and each box begins after the one before", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
    let last = 0;
    for (const { start } of isoBoxes(bytes)) {
      assert(start > last);
      last = start;
    }
  }));
});

Deno.test("isoBrands() gives the brand that a file was made as first", () => {
  assertEquals(isoBrands(fileType("heic", "mif1", "miaf")), ["heic", "mif1", "miaf"]);
  assertEquals(isoBrands(isoBox("meta")), []);
});
