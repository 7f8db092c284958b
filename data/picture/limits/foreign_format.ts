import { isoBrands } from "./iso_boxes.ts";

/** What files that people take for photos begin with, and what they are. */
const BEGINNINGS: readonly (readonly [beginning: string, kind: string])[] = [
  ["BM", "a BMP picture"],
  ["%PDF", "a PDF"],
  ["\xff\x0a", "a JPEG XL picture"],
  ["\0\0\0\x0cJXL ", "a JPEG XL picture"],
  ["\0\0\0\x0cjP  ", "a JPEG 2000 picture"],
  ["8BPS", "a Photoshop picture"],
  ["\0\0\x01\0", "an icon"],
  ["II*\0", "a camera's raw data"],
  ["FUJIFILMCCD-RAW", "a camera's raw data"],
  ["IIRO", "a camera's raw data"],
  ["IIU\0", "a camera's raw data"],
  ["PK\x03\x04", "a zip file"],
  ["\x1aE\xdf\xa3", "a video"],
];

/** A drawing in text, after what may stand before its first mark. */
const SVG = /^\ufeff?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*(<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i;
const WEB_PAGE = /^\ufeff?\s*<(!doctype html|html)[\s>]/i;

/** Letters at the beginning in which a drawing's first mark is looked for. */
const LOOKED_AT = 1024;

/** What a file is that is no picture that is read, as far as its first bytes tell: `a BMP picture`. */
export function foreignFormat(bytes: Uint8Array): string | undefined {
  const beginning = String.fromCharCode(...bytes.subarray(0, 16));
  const [, kind] = BEGINNINGS.find(([start]) => beginning.startsWith(start)) ?? [];
  if (kind !== undefined) return kind;
  if (beginning.startsWith("RIFF") && beginning.slice(8, 12) === "AVI ") return "a video";
  if (isoBrands(bytes).length > 0) return "a video";
  const text = new TextDecoder().decode(bytes.subarray(0, LOOKED_AT));
  if (SVG.test(text)) return "an SVG drawing";
  return WEB_PAGE.test(text) ? "a web page" : undefined;
}
