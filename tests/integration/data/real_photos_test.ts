import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import { whiteBorder } from "../../../data/picture/facts/borders.ts";
import { duplicateGroups } from "../../../data/duplicates.ts";
import { hammingDistance, perceptualHash } from "../../../data/picture/facts/perceptual_hash.ts";
import { decodePhoto } from "../../../data/picture/decode.ts";
import { wholeBox } from "../../../data/picture/pixels.ts";
import { asSharp } from "./picture/pictures.ts";
import { realPhoto, testWithRealPhotos } from "./real_photos.ts";

async function decoded(name: string) {
  return await decodePhoto(await Deno.readFile(realPhoto(name)));
}

async function hashed(name: string): Promise<string> {
  const pixels = await decoded(name);
  return perceptualHash(pixels, whiteBorder(pixels));
}

testWithRealPhotos("whiteBorder() cuts cat.947's white 60% and nothing of a photo that has no border", async () => {
  const photo = await decoded("train/cat.947.jpg");
  const { left, top, width, height } = whiteBorder(photo);
  assertEquals([left, top], [0, 0]);
  const share = 1 - width * height / (photo.width * photo.height);
  assert(share > 0.55 && share < 0.65, `cut ${share}`);
  const plain = await decoded("train/cat.835.jpg");
  assertEquals(whiteBorder(plain), { left: 0, top: 0, width: 1023, height: 768 });
});

testWithRealPhotos("duplicateGroups() finds the known duplicates and no others", async () => {
  const numbers = [74, 180, 980, 1273, 1, 10, 100, 101, 200, 300, 400, 500];
  const photos = await Promise.all(numbers.map(async (number) => {
    const id = `dog.${number}.jpg`;
    return { id, sha256: id, hash: await hashed(`train/${id}`) };
  }));
  assertEquals(duplicateGroups(photos), [["dog.1273.jpg", "dog.980.jpg"], ["dog.180.jpg", "dog.74.jpg"]]);
});

testWithRealPhotos("perceptualHash() stays near when a photo is saved smaller, worse or lighter", async () => {
  for (const name of ["train/dog.74.jpg", "train/cat.835.jpg"]) {
    const pixels = await decoded(name);
    const hash = perceptualHash(pixels, wholeBox(pixels));
    const copies = [
      asSharp(pixels).jpeg({ quality: 40 }),
      asSharp(pixels).resize(Math.round(pixels.width * 0.6)).jpeg(),
      asSharp(pixels).linear(1.15, 0).jpeg(),
    ];
    for (const copy of copies) {
      assertLessOrEqual(hammingDistance(hash, perceptualHash(await decodePhoto(await copy.toBuffer()))), 30);
    }
  }
});
