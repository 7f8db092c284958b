/** The kinds of pictures that are read. */
export type PictureFormat = "JPEG" | "PNG" | "WebP" | "GIF";

const PICTURE_NAME = /\.(jpe?g|png|webp|gif)$/i;
const BEGINNINGS: Readonly<Record<PictureFormat, string>> = {
  JPEG: "\xff\xd8\xff",
  PNG: "\x89PNG\r\n\x1a\n",
  WebP: "RIFF",
  GIF: "GIF8",
};
const ENDINGS: Readonly<Record<Exclude<PictureFormat, "WebP">, string>> = {
  JPEG: "\xff\xd9",
  PNG: "IEND\xae\x42\x60\x82",
  GIF: ";",
};

/**
 * Whether a path (parts separated by `/`) names a picture by its extension, and is none of the files that systems leave
 * behind: hidden ones, and macOS's resource forks.
 */
export function isPicturePath(path: string): boolean {
  return PICTURE_NAME.test(path) && !path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");
}

/** The format of a file, by its first bytes; undefined for a file that is no picture. */
export function pictureFormat(bytes: Uint8Array): PictureFormat | undefined {
  const beginning = latin1(bytes.subarray(0, 12));
  const formats: readonly PictureFormat[] = ["JPEG", "PNG", "WebP", "GIF"];
  const format = formats.find((candidate) => beginning.startsWith(BEGINNINGS[candidate]));
  // Sounds and films are RIFF files as well.
  return format === "WebP" && !beginning.endsWith("WEBP") ? undefined : format;
}

/** Whether a picture's last bytes are not those that its format ends with, as when a copy broke off. */
export function isCutShort(bytes: Uint8Array, format: PictureFormat): boolean {
  if (format === "WebP") {
    // A RIFF file states its length, less the eight bytes that do so.
    return bytes.length < 8 + new DataView(bytes.buffer, bytes.byteOffset, 8).getUint32(4, true);
  }
  const ending = ENDINGS[format];
  return !latin1(bytes.subarray(-ending.length)).endsWith(ending);
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
