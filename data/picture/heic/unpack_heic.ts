import { PhotoError } from "../../photo_error.ts";
import { isCutShort } from "../limits/picture_format.ts";
import type { HeicHeader } from "./heic_header.ts";
import type { HeicReply, HeicRequest } from "./heic_messages.ts";

/** What a worker takes before its photo: its code, and the library's. */
const WORKER_BYTES = 40_000_000;

/** The library's memory before it has read anything. */
const LIBRARY_BYTES = 18_000_000;

/**
 * Bytes a pixel that unpacking takes: in the library's memory, and in the TIFF that comes out. Measured on pictures of 9
 * to 100 million pixels, in the library: 7.6, tiles 4.5; deep 10.4; with transparency 9.4.
 */
function bytesAPixel({ isDeep, hasAlpha }: HeicHeader): { inLibrary: number; inTiff: number } {
  return { inLibrary: 8 + (isDeep ? 3 : 0) + (hasAlpha ? 3 : 0), inTiff: hasAlpha ? 4 : 3 };
}

/** Bytes that unpacking a HEIC takes that grow with its pixels, and those that do not. */
export function unpackingCost(header: HeicHeader): { perPhoto: number; always: number } {
  const { inLibrary, inTiff } = bytesAPixel(header);
  return { perPhoto: header.pixels * (inLibrary + inTiff), always: WORKER_BYTES + LIBRARY_BYTES };
}

/** What unpacking may take. */
export interface UnpackingLimits {
  readonly seconds: number;
  readonly pixels: number;
}

/**
 * Unpacks a HEIC's main picture into a TIFF that sharp reads, upright, with its ICC profile, by libheif in a worker of
 * its own. It ends with the worker, in time or not.
 * @throws PhotoError when it cannot be decoded, or not within the limits.
 */
export async function unpackHeic(
  bytes: Uint8Array,
  header: HeicHeader,
  { seconds, pixels }: UnpackingLimits,
): Promise<Uint8Array> {
  const worker = new Worker(new URL("./heic_worker.ts", import.meta.url), { type: "module", name: "HEIC" });
  const { promise, resolve, reject } = Promise.withResolvers<HeicReply>();
  worker.onmessage = ({ data }: MessageEvent<HeicReply>) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    resolve({ kind: "failed", message: event.message });
  };
  const tooSlow = () => reject(new PhotoError(`too slow: the picture was not decoded within ${seconds} s`));
  const timer = setTimeout(tooSlow, seconds * 1000);
  try {
    const heic = new Uint8Array(bytes);
    const inLibrary = header.pixels * bytesAPixel(header).inLibrary + bytes.length;
    const request: HeicRequest = { heic, maximumPixels: pixels, maximumBytes: LIBRARY_BYTES + Math.ceil(inLibrary) };
    worker.postMessage(request, [heic.buffer]);
    const reply = await promise;
    if (reply.kind === "decoded") return reply.tiff;
    if (isCutShort(bytes, "HEIC")) throw new PhotoError("truncated: the file ends before the HEIC picture does");
    throw new PhotoError(`damaged: ${reply.message}`);
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
