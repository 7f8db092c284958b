import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { heicHeader } from "../../../../../data/picture/heic/heic_header.ts";
import { PhotoError } from "../../../../../data/photo_error.ts";
import { bytesOfText, fileType, isoBox } from "../limits/iso_files.ts";

/** A HEIC's beginning, with the properties of its pictures. */
function heicOf(...properties: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const meta = isoBox("meta", new Uint8Array(4), isoBox("iprp", isoBox("ipco", ...properties)));
  return Uint8Array.of(...fileType("heic"), ...meta);
}

function size(width: number, height: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(12));
  view.setUint32(4, width);
  view.setUint32(8, height);
  return isoBox("ispe", new Uint8Array(view.buffer));
}

const settings = (bits: number) =>
  isoBox("hvcC", Uint8Array.from({ length: 23 }, (_, k) => k === 17 ? 0xf8 | bits - 8 : 0));

Deno.test("heicHeader() gives the pixels of the largest picture, tiles or thumbnails beside it", () => {
  const found = heicHeader(heicOf(size(512, 512), settings(8), size(4032, 3024), size(320, 240)));
  assertEquals(found, { pixels: 4032 * 3024, isDeep: false, hasAlpha: false });
});

Deno.test("heicHeader() tells of deep colours and of transparency", () => {
  const alpha = isoBox("auxC", new Uint8Array(4), bytesOfText("urn:mpeg:hevc:2015:auxid:1\0"));
  const depth = isoBox("auxC", new Uint8Array(4), bytesOfText("urn:mpeg:hevc:2015:auxid:2\0"));
  assertEquals(heicHeader(heicOf(size(64, 64), settings(10), depth)), { pixels: 4096, isDeep: true, hasAlpha: false });
  assertEquals(heicHeader(heicOf(size(64, 64), settings(8), alpha)), { pixels: 4096, isDeep: false, hasAlpha: true });
});

Deno.test("heicHeader() counts pixels that do not fit in 32 bits", () => {
  assertEquals(heicHeader(heicOf(size(0xffffffff, 0xffffffff))).pixels, 0xffffffff ** 2);
});

Deno.test("heicHeader() looks into no box beyond the end of the one around it", () => {
  const reachingOut = isoBox("meta", new Uint8Array(4), isoBox("iprp"));
  // The inner box says that it goes on to the end of everything.
  new DataView(reachingOut.buffer).setUint32(12, 1 << 30);
  const bytes = Uint8Array.of(
    ...fileType("heic"),
    ...Array.from({ length: 50 }, () => [...reachingOut]).flat(),
    ...isoBox("ipco", size(64, 64)),
  );
  assertThrows(() => heicHeader(bytes), PhotoError, "no picture");
});

Deno.test("heicHeader() refuses a file without a still picture, and takes any bytes", () => {
  assertThrows(() => heicHeader(Uint8Array.of(...fileType("hevc"), ...isoBox("moov"))), PhotoError, "no picture");
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (rest, isWrapped) => {
    const bytes = isWrapped ? heicOf(rest) : Uint8Array.of(...fileType("heic"), ...rest);
    try {
      heicHeader(bytes);
    } catch (thrown) {
      if (!(thrown instanceof PhotoError)) throw thrown;
    }
  }));
});
