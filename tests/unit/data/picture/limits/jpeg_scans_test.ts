import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { countScans } from "../../../../../data/picture/limits/jpeg_scans.ts";
import { scanBomb } from "../scan_bomb.ts";

Deno.test("countScans() counts a picture's scans, and none in what is only shown beside it", () => {
  const bytes = scanBomb(64, 20);
  assertEquals(countScans(bytes), 21);
  // A small picture of its own inside, as cameras put it there, and another behind the end.
  const inside = [0xff, 0xe1, 0, 8, 0xff, 0xda, 0xff, 0xda, 0, 0];
  assertEquals(countScans(Uint8Array.from([0xff, 0xd8, ...inside, ...bytes.subarray(2), 0xff, 0xff, 0xda])), 21);
});

Deno.test("countScans() passes over escapes, fills and restarts, and ends for any bytes", () => {
  assertEquals(countScans(Uint8Array.of(0xff, 0xd8, 0xff, 0xff, 0xda, 0, 2, 0xff, 0, 0xff, 0xd3, 0xda)), 1);
  fc.assert(fc.property(fc.array(fc.constantFrom(0xff, 0xda, 0xd9, 0xe1, 0, 2)), (bytes) => {
    countScans(Uint8Array.from(bytes));
  }));
});
