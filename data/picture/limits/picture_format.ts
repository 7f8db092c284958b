import { isIsoCutShort, isoBrands } from "./iso_boxes.ts";

/** The kinds of pictures that are read. */
export const PICTURE_FORMATS = ["JPEG", "PNG", "WebP", "GIF", "TIFF", "AVIF", "HEIC"] as const;
export type PictureFormat = (typeof PICTURE_FORMATS)[number];

const BEGINNINGS: readonly (readonly [beginning: string, format: PictureFormat])[] = [
  ["\xff\xd8\xff", "JPEG"],
  ["\x89PNG\r\n\x1a\n", "PNG"],
  ["RIFF", "WebP"],
  ["GIF8", "GIF"],
  ["II*\0", "TIFF"],
  ["MM\0*", "TIFF"],
];
const ENDINGS: Readonly<Record<"JPEG" | "PNG" | "GIF", string>> = {
  JPEG: "\xff\xd9",
  PNG: "IEND\xae\x42\x60\x82",
  GIF: ";",
};

/** Brands of ISO media files that are pictures: AV1 and HEVC, single ones and series. */
const AVIF_BRANDS = ["avif", "avis"];
const HEIC_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs"];
/** Pictures of one of those kinds, or of others, which the decoder says then. */
const PICTURE_BRANDS = ["mif1", "mif2", "msf1"];

/** The format of a file, by its first bytes, whatever its name; undefined for a file that is no picture. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | undefined {
  const beginning = latin1(bytes.subarray(0, 12));
  const [, format] = BEGINNINGS.find(([start]) => beginning.startsWith(start)) ?? [];
  // Sounds and films are RIFF files as well, and a camera's raw data may begin as a TIFF.
  if (format === "WebP" && !beginning.endsWith("WEBP")) return undefined;
  if (format === "TIFF" && beginning.slice(8, 10) === "CR") return undefined;
  return format ?? isoFormat(isoBrands(bytes));
}

function isoFormat(brands: readonly string[]): PictureFormat | undefined {
  const isOf = (kinds: readonly string[]) => brands.some((brand) => kinds.includes(brand));
  // A film may name a picture's brand too, but is not made as one.
  if (![...AVIF_BRANDS, ...HEIC_BRANDS, ...PICTURE_BRANDS].includes(brands[0])) return undefined;
  return AVIF_BRANDS.includes(brands[0]) || (isOf(AVIF_BRANDS) && !isOf(HEIC_BRANDS)) ? "AVIF" : "HEIC";
}

/** Whether a picture's last bytes are not those that its format ends with, as when a copy broke off. */
export function isCutShort(bytes: Uint8Array, format: PictureFormat): boolean {
  if (format === "AVIF" || format === "HEIC") return isIsoCutShort(bytes);
  if (format === "TIFF") return endsBeforeDirectory(bytes);
  if (format === "WebP") {
    // A RIFF file states its length, less the eight bytes that do so.
    return bytes.length < 8 + new DataView(bytes.buffer, bytes.byteOffset, 8).getUint32(4, true);
  }
  const ending = ENDINGS[format];
  return !latin1(bytes.subarray(-ending.length)).endsWith(ending);
}

/** Whether a TIFF ends before the list of what it holds, which most programs write last. */
function endsBeforeDirectory(bytes: Uint8Array): boolean {
  if (bytes.length < 8) return true;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49;
  const directory = view.getUint32(4, isLittle);
  if (directory + 2 > bytes.length) return true;
  return directory + 2 + 12 * view.getUint16(directory, isLittle) > bytes.length;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
