import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { crc32 } from "node:zlib";
import sharp from "sharp";
import { decodePhoto, PhotoError, withPixels } from "../../../../data/picture/decode.ts";
import type { Pixels } from "../../../../data/picture/pixels.ts";
import { scanBomb } from "../../../unit/data/picture/scan_bomb.ts";
import { withBoxBytes } from "./heic/heic_files.ts";
import { asSharp, colourAt, meanDifference, quarters } from "./pictures.ts";

const PICTURE = quarters(48, 32);
/** JPEG's loss on flat quarters. */
const LOSS = 3;

Deno.test("decodePhoto() gives RGB for JPEG, progressive JPEG, PNG, WebP and GIF", async () => {
  const encoded = {
    jpeg: asSharp(PICTURE).jpeg({ quality: 95 }),
    progressive: asSharp(PICTURE).jpeg({ quality: 95, progressive: true }),
    png: asSharp(PICTURE).png(),
    palette: asSharp(PICTURE).png({ palette: true }),
    webp: asSharp(PICTURE).webp({ quality: 95 }),
    gif: asSharp(PICTURE).gif(),
  };
  for (const [name, picture] of Object.entries(encoded)) {
    const { width, height, data } = await decodePhoto(await picture.toBuffer());
    assertEquals([width, height, data.length], [48, 32, 48 * 32 * 3], name);
    assertLess(meanDifference(data, PICTURE.data), LOSS, name);
  }
});

Deno.test("decodePhoto() gives RGB for TIFFs of every packing and depth, and for AVIF", async () => {
  const encoded = {
    plain: asSharp(PICTURE).tiff({ compression: "none" }),
    lzw: asSharp(PICTURE).tiff({ compression: "lzw" }),
    deflated: asSharp(PICTURE).tiff({ compression: "deflate", predictor: "horizontal" }),
    jpeg: asSharp(PICTURE).tiff({ compression: "jpeg", quality: 95 }),
    tiles: asSharp(PICTURE).tiff({ compression: "deflate", tile: true, tileWidth: 16, tileHeight: 16 }),
    "16 bits": asSharp(PICTURE).toColourspace("rgb16").tiff({ compression: "deflate" }),
    pyramid: asSharp(PICTURE).tiff({
      compression: "deflate",
      tile: true,
      tileWidth: 16,
      tileHeight: 16,
      pyramid: true,
    }),
    avif: asSharp(PICTURE).avif({ quality: 95, chromaSubsampling: "4:4:4" }),
    "10-bit avif": asSharp(PICTURE).avif({ quality: 95, chromaSubsampling: "4:4:4", bitdepth: 10 }),
  };
  for (const [name, picture] of Object.entries(encoded)) {
    const { width, height, data } = await decodePhoto(await picture.toBuffer());
    assertEquals([width, height, data.length], [48, 32, 48 * 32 * 3], name);
    assertLess(meanDifference(data, PICTURE.data), LOSS, name);
  }
});

Deno.test("decodePhoto() takes the first page of a TIFF, turned as it says", async () => {
  const pages = [asSharp(PICTURE), asSharp(PICTURE).negate()].map((page) => page.png().toBuffer());
  const joined = sharp(await Promise.all(pages), { join: { animated: true } });
  const tiff = await joined.tiff({ compression: "lzw" }).toBuffer();
  assertEquals((await sharp(tiff).metadata()).pages, 2);
  assertEquals(meanDifference((await decodePhoto(tiff)).data, PICTURE.data), 0);
  const turned = await asSharp(storedAs(6, PICTURE)).withMetadata({ orientation: 6 }).tiff({ compression: "lzw" })
    .toBuffer();
  const pixels = await decodePhoto(turned);
  assertEquals([pixels.width, pixels.height], [48, 32]);
  assertEquals(meanDifference(pixels.data, PICTURE.data), 0);
});

Deno.test("decodePhoto() refuses a TIFF and an AVIF that would not fit in memory", async () => {
  const background = { r: 9, g: 9, b: 9 };
  const huge = await sharp({ create: { width: 15_000, height: 7_000, channels: 3, background } })
    .tiff({ compression: "deflate" }).toBuffer();
  await assertRejects(() => decodePhoto(huge), PhotoError, "too large: the picture has more than 100 million pixels");
  const avif = new Uint8Array(await asSharp(PICTURE).avif().toBuffer());
  const bomb = withBoxBytes(avif, "ispe", 4, [0, 0, 0x23, 0x28, 0, 0, 0x23, 0x28]);
  await assertRejects(() => decodePhoto(bomb), PhotoError, "too large: decoding it takes 1.5 GB, more than 1.2 GB");
});

Deno.test("decodePhoto() applies all eight EXIF orientations", async () => {
  const corners = [[.25, .25], [.75, .25], [.25, .75], [.75, .75]];
  for (let orientation = 1; orientation <= 8; orientation++) {
    const stored = asSharp(storedAs(orientation, PICTURE));
    const photo = await stored.withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer();
    assertEquals((await sharp(photo).metadata()).orientation, orientation);
    const pixels = await decodePhoto(photo);
    assertEquals([pixels.width, pixels.height], [48, 32]);
    for (const [across, down] of corners) {
      const expected = colourAt(PICTURE, across, down);
      const found = colourAt(pixels, across, down);
      for (const channel of [0, 1, 2]) {
        assertLess(Math.abs(found[channel] - expected[channel]), 12, `orientation ${orientation}: ${found}`);
      }
    }
  }
});

Deno.test("decodePhoto() makes grey pictures RGB", async () => {
  for (const picture of [asSharp(PICTURE).greyscale().jpeg(), asSharp(PICTURE).greyscale().png()]) {
    const { data } = await decodePhoto(await picture.toBuffer());
    assertEquals(data.length, 48 * 32 * 3);
    for (let index = 0; index < data.length; index += 3) {
      assert(data[index] === data[index + 1] && data[index] === data[index + 2]);
    }
  }
});

Deno.test("decodePhoto() makes CMYK pictures RGB", async () => {
  const photo = await asSharp(PICTURE).toColourspace("cmyk").jpeg({ quality: 95 }).toBuffer();
  assertEquals((await sharp(photo).metadata()).channels, 4);
  const [red, green, blue] = colourAt(await decodePhoto(photo), .25, .25);
  assert(red > 150 && green < 90 && blue < 90, `${red}, ${green}, ${blue}`);
});

Deno.test("decodePhoto() makes 16-bit pictures 8-bit", async () => {
  const photo = await asSharp(PICTURE).toColourspace("rgb16").png().toBuffer();
  assertEquals((await sharp(photo).metadata()).depth, "ushort");
  assertLess(meanDifference((await decodePhoto(photo)).data, PICTURE.data), 0.01);
  const grey = await asSharp(PICTURE).toColourspace("grey16").png().toBuffer();
  assertEquals((await decodePhoto(grey)).data.length, 48 * 32 * 3);
});

Deno.test("decodePhoto() lays what is transparent on white", async () => {
  const clear = await asSharp(PICTURE).ensureAlpha(0).png().toBuffer();
  assert((await decodePhoto(clear)).data.every((value) => value === 255));
  const half = await decodePhoto(await asSharp(PICTURE).ensureAlpha(0.5).png().toBuffer());
  colourAt(PICTURE, .25, .25).forEach((value, channel) => {
    assertLess(Math.abs(colourAt(half, .25, .25)[channel] - (value + 255) / 2), 2);
  });
});

Deno.test("decodePhoto() takes the first frame of an animation", async () => {
  const frames = [asSharp(PICTURE), asSharp(PICTURE).negate()].map((frame) => frame.png().toBuffer());
  const animation = await sharp(await Promise.all(frames), { join: { animated: true } }).gif().toBuffer();
  assertEquals((await sharp(animation).metadata()).pages, 2);
  const { height, data } = await decodePhoto(animation);
  assertEquals(height, 32);
  assertLess(meanDifference(data, PICTURE.data), LOSS);
});

Deno.test("decodePhoto() takes one pixel, and very wide and very high pictures", async () => {
  for (const [width, height] of [[1, 1], [3000, 1], [1, 3000], [4001, 3]]) {
    const photo = await asSharp(quarters(width, height)).jpeg().toBuffer();
    const pixels = await decodePhoto(photo);
    assertEquals([pixels.width, pixels.height, pixels.data.length], [width, height, width * height * 3]);
  }
});

Deno.test("decodePhoto() says what is wrong with a file that is no photo", async () => {
  const jpeg = await asSharp(quarters(300, 200)).jpeg().toBuffer();
  const progressive = await asSharp(quarters(300, 200)).jpeg({ progressive: true }).toBuffer();
  const png = await asSharp(quarters(300, 200)).png().toBuffer();
  const webp = await asSharp(quarters(300, 200)).webp().toBuffer();
  const tiff = await asSharp(quarters(300, 200)).tiff({ compression: "lzw" }).toBuffer();
  const avif = await asSharp(quarters(300, 200)).avif().toBuffer();
  const text = (content: string) => new TextEncoder().encode(content);
  const cases: [string, Uint8Array, string][] = [
    ["no bytes", new Uint8Array(), "empty: "],
    ["text", text("This is not a photo."), "not a picture: "],
    ["a drawing", text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), "not read here: "],
    ["a BMP", text("BM\x36\0\0\0 and so on"), "not read here: the file is a BMP picture. Save it as JPEG or PNG"],
    ["zeros", new Uint8Array(5000), "not a picture: "],
    ["three bytes of a JPEG", jpeg.subarray(0, 3), "truncated: "],
    ["a JPEG's header", jpeg.subarray(0, 200), "truncated: "],
    ["half a JPEG", jpeg.subarray(0, jpeg.length / 2), "truncated: "],
    ["a JPEG without its last bytes", jpeg.subarray(0, -12), "truncated: "],
    ["half a progressive JPEG", progressive.subarray(0, progressive.length / 2), "truncated: "],
    ["half a PNG", png.subarray(0, png.length / 2), "truncated: "],
    ["half a WebP", webp.subarray(0, webp.length / 2), "truncated: "],
    ["half a TIFF", tiff.subarray(0, tiff.length / 2), "truncated: "],
    ["a TIFF's header", tiff.subarray(0, 8), "truncated: "],
    ["half an AVIF", avif.subarray(0, avif.length / 2), "truncated: "],
    ["an AVIF's brand", avif.subarray(0, 30), "truncated: "],
    ["a PNG with a wrong byte", withByteTurned(png), "damaged: "],
  ];
  for (const [name, bytes, reason] of cases) {
    const error = await assertRejects(() => decodePhoto(bytes), PhotoError);
    assert(error.message.startsWith(reason), `${name}: ${error.message}`);
    assert(!error.message.includes("\n"), `${name}: ${error.message}`);
    await assertRejects(() => withPixels(bytes, () => {}), PhotoError);
  }
});

Deno.test("decodePhoto() refuses a picture that would not fit in memory", async () => {
  const background = { r: 9, g: 9, b: 9 };
  const huge = await sharp({ create: { width: 15_000, height: 7_000, channels: 3, background } })
    .png({ compressionLevel: 1 }).toBuffer();
  await assertRejects(() => decodePhoto(huge), PhotoError, "too large: ");
});

Deno.test("decodePhoto() refuses a picture that unfolds to more than is decoded at once", async () => {
  const stored = asSharp(PICTURE).ensureAlpha(0.5).withMetadata({ orientation: 6 }).toColourspace("rgb16");
  const huge = new Uint8Array(await stored.png({ progressive: true }).toBuffer());
  // Width, height and checksum of a PNG's header.
  const view = new DataView(huge.buffer);
  view.setUint32(16, 10_000);
  view.setUint32(20, 7_000);
  view.setUint32(29, crc32(huge.subarray(12, 29)));
  const error = await assertRejects(() => decodePhoto(huge), PhotoError);
  assertEquals(error.message, "too large: decoding it takes 1.3 GB, more than 1.2 GB");
});

Deno.test("decodePhoto() gives a picture up that takes longer than it may", async () => {
  const slow = scanBomb(8_000, 90);
  const error = await assertRejects(() => decodePhoto(slow, { seconds: 1 }), PhotoError);
  assertEquals(error.message, "too slow: the picture was not decoded within 1 s");
});

Deno.test("decodePhoto() refuses a JPEG of scans without end, unless it is so small that they cost nothing", async () => {
  const error = await assertRejects(() => decodePhoto(scanBomb(4_000, 400)), PhotoError);
  assertEquals(error.message, "too slow: the JPEG picture has more than 100 scans");
  assertEquals((await decodePhoto(scanBomb(100, 400))).width, 100);
  assertEquals((await decodePhoto(scanBomb(2_000, 90))).width, 2_000);
});

Deno.test("decodePhoto() takes pictures about as large as those of which the header is not looked at first", async () => {
  for (const [width, height] of [[1000, 1000], [1000, 1001], [1500, 1500]]) {
    const photo = await asSharp(quarters(width, height)).png().toBuffer();
    assertEquals((await decodePhoto(photo)).data.length, width * height * 3);
  }
});

Deno.test("withPixels() lends few giants at a time, and takes their memory back at once", async () => {
  const background = { r: 9, g: 9, b: 9 };
  const giant = await sharp({ create: { width: 10_000, height: 9_900, channels: 3, background } })
    .png({ compressionLevel: 1 }).toBuffer();
  let lent = 0;
  let most = 0;
  const arrays = await Promise.all(Array.from({ length: 6 }, () =>
    withPixels(giant, async ({ data }) => {
      most = Math.max(most, ++lent);
      assertEquals(data.length, 297_000_000);
      await delay(20);
      lent--;
      return data;
    })));
  assert(most <= 4, `${most} giants of 297 MB were there at once`);
  assertEquals(arrays.map(({ length }) => length), [0, 0, 0, 0, 0, 0]);
});

const delay = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The picture as a camera stores it: EXIF's `Orientation` names the side where the first row and column belong. */
function storedAs(orientation: number, { width, height, data }: Pixels): Pixels {
  const right = width - 1;
  const bottom = height - 1;
  const places: readonly ((row: number, column: number) => readonly [x: number, y: number])[] = [
    (row, column) => [column, row],
    (row, column) => [right - column, row],
    (row, column) => [right - column, bottom - row],
    (row, column) => [column, bottom - row],
    (row, column) => [row, column],
    (row, column) => [right - row, column],
    (row, column) => [right - row, bottom - column],
    (row, column) => [row, bottom - column],
  ];
  const [columns, rows] = orientation > 4 ? [height, width] : [width, height];
  const stored = new Uint8Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = places[orientation - 1](row, column);
      const index = (y * width + x) * 3;
      stored.set(data.subarray(index, index + 3), (row * columns + column) * 3);
    }
  }
  return { width: columns, height: rows, data: stored };
}

/** The bytes with the one in the middle turned over. */
function withByteTurned(bytes: Uint8Array): Uint8Array {
  const damaged = Uint8Array.from(bytes);
  damaged[damaged.length >> 1] ^= 0xff;
  return damaged;
}
