import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { foreignFormat } from "../../../../../data/picture/limits/foreign_format.ts";
import { bytesOfText, fileType } from "./iso_files.ts";

Deno.test("foreignFormat() names what people take for photos, by the first bytes", () => {
  const cases: [string, Uint8Array][] = [
    ["a BMP picture", bytesOfText("BM\x36\0\0\0")],
    ["a PDF", bytesOfText("%PDF-1.7")],
    ["a JPEG XL picture", bytesOfText("\xff\x0a\xfa")],
    ["a JPEG XL picture", bytesOfText("\0\0\0\x0cJXL \r\n\x87\n")],
    ["a JPEG 2000 picture", bytesOfText("\0\0\0\x0cjP  \r\n\x87\n")],
    ["a Photoshop picture", bytesOfText("8BPS\0\x01")],
    ["a camera's raw data", bytesOfText("II*\0\x10\0\0\0CR\x02\0")],
    ["a zip file", bytesOfText("PK\x03\x04")],
    ["a video", fileType("qt  ")],
    ["a video", fileType("isom", "mp42")],
    ["a video", bytesOfText("RIFF\0\0\0\0AVI LIST")],
    ["a video", bytesOfText("\x1aE\xdf\xa3")],
    ["an SVG drawing", bytesOfText('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ["an SVG drawing", bytesOfText('<?xml version="1.0"?>\n<!-- drawn -->\n<svg>')],
    ["a web page", bytesOfText("<!DOCTYPE html><html>")],
  ];
  for (const [kind, bytes] of cases) assertEquals(foreignFormat(bytes), kind);
  for (const text of ["", "hello", "<xml/>", "\0\0\0\0"]) assertEquals(foreignFormat(bytesOfText(text)), undefined);
});

Deno.test("foreignFormat() takes any bytes", () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void foreignFormat(bytes)));
});
