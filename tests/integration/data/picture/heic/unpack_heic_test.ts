import { assert, assertEquals, assertLess, assertRejects } from "@std/assert";
import { decodePhoto, PhotoError } from "../../../../../data/picture/decode.ts";
import { perceptualHash } from "../../../../../data/picture/facts/perceptual_hash.ts";
import { photoFacts } from "../../../../../data/picture/facts/photo_facts.ts";
import { heicHeader } from "../../../../../data/picture/heic/heic_header.ts";
import { unpackHeic } from "../../../../../data/picture/heic/unpack_heic.ts";
import { wholeBox } from "../../../../../data/picture/pixels.ts";
import { thumbnailUri } from "../../../../../data/picture/thumbnail.ts";
import { meanDifference } from "../pictures.ts";
import { heicFile, withBoxBytes } from "./heic_files.ts";

/** What HEVC at this quality loses of the drawn picture, of 255. */
const LOSS = 3;

/** Bytes of a number in four. */
const word = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];

Deno.test("a HEIC decodes to the picture that its PNG shows: plain, turned, in tiles, of 10 bits, in wide colours", async () => {
  const drawn = await decodePhoto(await heicFile("drawn.png"));
  for (const name of ["plain", "turned", "tiles", "deep", "p3", "several"]) {
    const { width, height, data } = await decodePhoto(await heicFile(`${name}.heic`));
    assertEquals([width, height], [160, 112], name);
    const difference = meanDifference(data, drawn.data);
    assertLess(difference, LOSS, `${name}: ${difference}`);
  }
});

Deno.test("a grey HEIC is as grey as its picture", async () => {
  const { data } = await decodePhoto(await heicFile("grey.heic"));
  const drawn = await decodePhoto(await heicFile("drawn.png"));
  const grey = data.filter((_, k) => k % 3 === 0);
  assertEquals(grey, data.filter((_, k) => k % 3 === 2));
  const expected = Uint8Array.from(grey, (_, k) => {
    const [red, green, blue] = drawn.data.subarray(3 * k, 3 * k + 3);
    return 0.299 * red + 0.587 * green + 0.114 * blue;
  });
  assertLess(meanDifference(grey, expected), LOSS);
});

Deno.test("what is transparent in a HEIC is laid on white", async () => {
  const clear = await decodePhoto(await heicFile("clear.png"));
  const { data } = await decodePhoto(await heicFile("clear.heic"));
  assertLess(meanDifference(data, clear.data), LOSS);
  assertEquals([...data.subarray(0, 3)], [255, 255, 255]);
});

Deno.test("facts and thumbnails of a HEIC are those of its picture", async () => {
  const bytes = await heicFile("turned.heic");
  const facts = await photoFacts(bytes);
  assertEquals([facts.width, facts.height], [160, 112]);
  const drawn = await decodePhoto(await heicFile("drawn.png"));
  const bits = (hash: string) => BigInt(`0x${hash}`).toString(2).padStart(64, "0");
  const expected = bits(perceptualHash(drawn, wholeBox(drawn)));
  const differing = [...bits(facts.wholeHash)].filter((bit, k) => bit !== expected[k]).length;
  assert(differing <= 3, `${differing} bits of the perceptual hash differ`);
  assert((await thumbnailUri(bytes, wholeBox(facts))).startsWith("data:image/jpeg;base64,"));
});

Deno.test("a HEIC is one by its content, whatever its brand: a series, or a picture of any kind", async () => {
  const plain = await heicFile("plain.heic");
  for (const brand of ["hevc", "msf1", "mif1", "heix"]) {
    const bytes = withBoxBytes(plain, "ftyp", 0, [...brand].map((letter) => letter.charCodeAt(0)));
    assertEquals((await decodePhoto(bytes)).width, 160, brand);
  }
});

Deno.test("a HEIC that is cut short or damaged says so", async () => {
  const plain = await heicFile("plain.heic");
  for (const length of [plain.length - 1, plain.length - 12, plain.length >> 1, 600]) {
    const error = await assertRejects(() => decodePhoto(plain.subarray(0, length)), PhotoError);
    assertEquals(error.message, "truncated: the file ends before the HEIC picture does", `${length}`);
  }
  const withoutProperties = withBoxBytes(plain, "ipco", -4, [..."free"].map((letter) => letter.charCodeAt(0)));
  for (const bytes of [plain.subarray(0, 40), withoutProperties]) {
    const error = await assertRejects(() => decodePhoto(bytes), PhotoError);
    assert(/^(damaged|truncated): /.test(error.message), error.message);
  }
  const scrambled = Uint8Array.from(plain, (byte, k) => k > plain.length - 9000 ? byte ^ 0xa5 : byte);
  // A decoder may make out something of any bits; what it gives up on is named.
  await decodePhoto(scrambled).catch((thrown: unknown) => assert(thrown instanceof PhotoError, String(thrown)));
});

Deno.test("a HEIC that says it is a giant is refused before it is decoded", async () => {
  const bomb = withBoxBytes(await heicFile("plain.heic"), "ispe", 4, [...word(60_000), ...word(60_000)]);
  const error = await assertRejects(() => decodePhoto(bomb), PhotoError);
  assertEquals(error.message, "too large: the picture has more than 100 million pixels");
});

Deno.test("a HEIC that unfolds to more than it says ends where its share of memory does", async () => {
  const giant = await heicFile("giant.heic");
  const liar = withBoxBytes(giant, "ispe", 4, [...word(500), ...word(500)]);
  assertEquals(heicHeader(liar).pixels, 250_000);
  const error = await assertRejects(() => decodePhoto(liar), PhotoError);
  assert(error.message.startsWith("damaged: "), error.message);
});

Deno.test("a HEIC that takes longer than it may is given up", async () => {
  const giant = await heicFile("giant.heic");
  const error = await assertRejects(
    () => unpackHeic(giant, heicHeader(giant), { seconds: 0.05, pixels: 1e8 }),
    PhotoError,
  );
  assertEquals(error.message, "too slow: the picture was not decoded within 0.05 s");
});
