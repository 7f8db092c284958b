import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { whiteBorder } from "../../../../../data/picture/facts/borders.ts";
import { decodePhoto, PhotoError } from "../../../../../data/picture/decode.ts";
import { perceptualHash } from "../../../../../data/picture/facts/perceptual_hash.ts";
import { photoFacts } from "../../../../../data/picture/facts/photo_facts.ts";
import { asSharp, quarters } from "../pictures.ts";

const PICTURE = asSharp(quarters(60, 44));
const BORDER = { top: 6, bottom: 8, left: 5, right: 3 };

Deno.test("photoFacts() of a photo without a border: its size, the whole box, and one hash for both", async () => {
  const photo = await PICTURE.clone().png().toBuffer();
  const { trimmedHash, wholeHash, ...rest } = await photoFacts(photo);
  assertEquals(rest, { width: 60, height: 44, trimmed: { left: 0, top: 0, width: 60, height: 44 } });
  assertEquals([trimmedHash, wholeHash], Array(2).fill(perceptualHash(await decodePhoto(photo))));
});

Deno.test("photoFacts() of a photo with a white border: the box inside it, hashed by itself and with the border", async () => {
  const plain = await photoFacts(await PICTURE.clone().png().toBuffer());
  const photo = await PICTURE.clone().extend({ ...BORDER, background: "#ffffff" }).png().toBuffer();
  const { width, height, trimmed, trimmedHash, wholeHash } = await photoFacts(photo);
  const pixels = await decodePhoto(photo);
  assertEquals([width, height, trimmed], [68, 58, whiteBorder(pixels)]);
  assertEquals(trimmed, { left: 5, top: 6, width: 60, height: 44 });
  assertEquals([trimmedHash, wholeHash], [plain.trimmedHash, perceptualHash(pixels)]);
  assertNotEquals(trimmedHash, wholeHash);
});

Deno.test("photoFacts() of what is no whole picture is an error", async () => {
  const photo = await PICTURE.clone().jpeg().toBuffer();
  for (const bytes of [new Uint8Array(), photo.subarray(0, photo.length / 2)]) {
    await assertRejects(() => photoFacts(bytes), PhotoError);
  }
});
