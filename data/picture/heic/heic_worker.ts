/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * Decodes one HEIC by libheif, which would block the main thread and cannot be stopped there. Its memory, which never
 * shrinks, goes with the worker.
 */
import { messageOf } from "../../base/message_of.ts";
import type { HeicReply, HeicRequest } from "./heic_messages.ts";
// @ts-types="./libheif.d.ts"
import libheif, { type LibHeif } from "libheif-js";
import { plainTiff } from "./plain_tiff.ts";

/** libheif's numbers for red, green and blue; for these a byte each side by side, and with transparency; and for where. */
const [RGB, RGB_BYTES, RGBA_BYTES, INTERLEAVED] = [1, 10, 11, 10];

/** Where libheif's limits hold the most pixels of a picture, as 64 bits. */
const MAXIMUM_PIXELS_OFFSET = 8;

/** Bytes by which WebAssembly's memory grows. */
const PAGE = 65_536;

self.onmessage = ({ data }: MessageEvent<HeicRequest>) => {
  let reply: HeicReply;
  try {
    limitMemory(data.maximumBytes);
    reply = { kind: "decoded", tiff: decoded(libheif({ print: () => {}, printErr: () => {} }), data) };
  } catch (thrown) {
    reply = { kind: "failed", message: messageOf(thrown) };
  }
  self.postMessage(reply, reply.kind === "decoded" ? [reply.tiff.buffer] : []);
};

/** Has this worker's memory end where its photo's share ends, whatever a file unfolds to: the library then gives up. */
function limitMemory(maximumBytes: number): void {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (pages: number): number {
    if (this.buffer.byteLength + pages * PAGE > maximumBytes) throw new RangeError("the memory for it is used up");
    return grow.call(this, pages);
  };
}

/** The file's main picture, upright as libheif gives it, as a TIFF. */
function decoded(lib: LibHeif, { heic, maximumPixels }: HeicRequest): Uint8Array<ArrayBuffer> {
  const error = allocated(lib, 12);
  const result = allocated(lib, 4);
  /** Calls what may fail, and gives what it wrote. */
  const ask = (call: () => void): number => {
    call();
    if (word(lib, error) !== 0) throw new Error(textAt(lib, word(lib, error + 8)));
    return word(lib, result);
  };
  const context = lib._heif_context_alloc();
  const limits = lib._heif_context_get_security_limits(context) + MAXIMUM_PIXELS_OFFSET;
  lib.HEAPU32.set([maximumPixels, 0], limits / 4);
  const file = allocated(lib, heic.length);
  lib.HEAPU8.set(heic, file);
  ask(() => lib._heif_context_read_from_memory_without_copy(error, context, file, heic.length, 0));
  const handle = ask(() => lib._heif_context_get_primary_image_handle(error, context, result));
  const channels = lib._heif_image_handle_has_alpha_channel(handle) ? 4 : 3;
  const chroma = channels === 4 ? RGBA_BYTES : RGB_BYTES;
  const profileBytes = lib._heif_image_handle_get_raw_color_profile_size(handle);
  const profile = allocated(lib, profileBytes);
  if (profileBytes > 0) ask(() => lib._heif_image_handle_get_raw_color_profile(error, handle, profile));
  const image = ask(() => lib._heif_decode_image(error, handle, result, RGB, chroma, 0));
  const start = lib._heif_image_get_plane_readonly(image, INTERLEAVED, result);
  return plainTiff({
    width: lib._heif_image_get_width(image, INTERLEAVED),
    height: lib._heif_image_get_height(image, INTERLEAVED),
    channels,
    stride: word(lib, result),
    memory: lib.HEAPU8,
    start,
    profile: lib.HEAPU8.slice(profile, profile + profileBytes),
  });
}

/** Room in the library's memory; where there is none, it would give the place 0, and be written over. */
function allocated(lib: LibHeif, bytes: number): number {
  const at = lib._malloc(bytes);
  if (at === 0) throw new RangeError("the memory for it is used up");
  return at;
}

function word({ HEAPU32 }: LibHeif, at: number): number {
  return HEAPU32[at / 4];
}

function textAt({ HEAPU8 }: LibHeif, at: number): string {
  return new TextDecoder().decode(HEAPU8.subarray(at, HEAPU8.indexOf(0, at)));
}
