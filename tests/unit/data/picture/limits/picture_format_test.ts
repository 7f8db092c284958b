import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isCutShort, isPicturePath, pictureFormat } from "../../../../../data/picture/limits/picture_format.ts";

Deno.test("isPicturePath() goes by the extension, in any case", () => {
  for (const path of ["cat.1.jpg", "a/b/DOG.JPEG", "x.PNG", "x.webp", "x.gif"]) assertEquals(isPicturePath(path), true);
  for (const path of ["notes.txt", "jpg", "a.jpg/readme", "x.jpg.part", "Thumbs.db", ""]) {
    assertEquals(isPicturePath(path), false, path);
  }
});

Deno.test("isPicturePath() passes over hidden files and resource forks", () => {
  for (const path of [".hidden.jpg", ".cache/cat.1.jpg", "__MACOSX/train/cat.1.jpg", "train/._cat.1.jpg"]) {
    assertEquals(isPicturePath(path), false, path);
  }
});

Deno.test("pictureFormat() knows the formats by their first bytes", () => {
  const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
  assertEquals(pictureFormat(bytes("\xff\xd8\xff\xe0")), "JPEG");
  assertEquals(pictureFormat(bytes("\x89PNG\r\n\x1a\n....")), "PNG");
  assertEquals(pictureFormat(bytes("RIFF\0\0\0\0WEBPVP8 ")), "WebP");
  assertEquals(pictureFormat(bytes("GIF89a")), "GIF");
  for (const text of ["", "RIFF\0\0\0\0WAVE", "<svg/>", "\x89PNG\n", "%PDF-1.7", "hello, this is text"]) {
    assertEquals(pictureFormat(bytes(text)), undefined, text);
  }
});

Deno.test("pictureFormat() and isCutShort() take any bytes", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    const format = pictureFormat(bytes);
    if (format) isCutShort(bytes, format);
  }));
});
