import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isCutShort, pictureFormat } from "../../../../../data/picture/limits/picture_format.ts";
import { bytesOfText, fileType, isoBox } from "./iso_files.ts";

Deno.test("pictureFormat() knows the formats by their first bytes", () => {
  assertEquals(pictureFormat(bytesOfText("\xff\xd8\xff\xe0")), "JPEG");
  assertEquals(pictureFormat(bytesOfText("\x89PNG\r\n\x1a\n....")), "PNG");
  assertEquals(pictureFormat(bytesOfText("RIFF\0\0\0\0WEBPVP8 ")), "WebP");
  assertEquals(pictureFormat(bytesOfText("GIF89a")), "GIF");
  assertEquals(pictureFormat(bytesOfText("II*\0\x08\0\0\0\0\0")), "TIFF");
  assertEquals(pictureFormat(bytesOfText("MM\0*\0\0\0\x08\0\0")), "TIFF");
  for (const text of ["", "RIFF\0\0\0\0WAVE", "<svg/>", "\x89PNG\n", "%PDF-1.7", "II*\0\x10\0\0\0CR\x02", "hello"]) {
    assertEquals(pictureFormat(bytesOfText(text)), undefined, text);
  }
});

Deno.test("pictureFormat() tells AVIF, HEIC and films by what they were made as and may be read as", () => {
  assertEquals(pictureFormat(fileType("avif", "mif1", "miaf")), "AVIF");
  assertEquals(pictureFormat(fileType("avis", "msf1", "avif")), "AVIF");
  assertEquals(pictureFormat(fileType("mif1", "avif", "miaf")), "AVIF");
  for (const brand of ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"]) {
    assertEquals(pictureFormat(fileType(brand, "mif1")), "HEIC", brand);
  }
  assertEquals(pictureFormat(fileType("mif1", "heic")), "HEIC");
  assertEquals(pictureFormat(fileType("msf1", "hevc")), "HEIC");
  assertEquals(pictureFormat(fileType("mif1")), "HEIC");
  for (const brand of ["qt  ", "mp42", "isom", "M4V ", "crx "]) {
    assertEquals(pictureFormat(fileType(brand, "heic")), undefined, brand);
  }
});

Deno.test("isCutShort() sees that an ISO media file or a TIFF ends before it says", () => {
  const whole = Uint8Array.of(...fileType("heic", "mif1"), ...isoBox("meta", new Uint8Array(9)), ...isoBox("mdat"));
  assertEquals(isCutShort(whole, "HEIC"), false);
  for (let length = 1; length < whole.length - 8; length++) {
    const isBetweenBoxes = length === fileType("heic", "mif1").length;
    assertEquals(isCutShort(whole.subarray(0, length), "AVIF"), !isBetweenBoxes, `${length}`);
  }
  const tiff = bytesOfText("II*\0\x08\0\0\0\x01\0............");
  assertEquals(isCutShort(tiff, "TIFF"), false);
  for (let length = 0; length < tiff.length; length++) assertEquals(isCutShort(tiff.subarray(0, length), "TIFF"), true);
});

Deno.test("pictureFormat() and isCutShort() take any bytes", () => {
  const beginnings = ["", "\xff\xd8\xff", "GIF8", "II*\0", "MM\0*", "\0\0\0\x18ftypheic", "\0\0\0\x01ftypavif", "RIFF"];
  fc.assert(fc.property(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 64 }), (beginning, rest) => {
    const bytes = Uint8Array.of(...bytesOfText(beginning), ...rest);
    const format = pictureFormat(bytes);
    if (format) isCutShort(bytes, format);
  }));
});
