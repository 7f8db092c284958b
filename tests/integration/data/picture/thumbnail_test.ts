import { assertEquals, assertRejects } from "@std/assert";
import { decodePhoto, PhotoError } from "../../../../data/picture/decode.ts";
import { thumbnailJpeg, thumbnailUri } from "../../../../data/picture/thumbnail.ts";
import { asSharp, colourAt, quarters } from "./pictures.ts";

const PHOTO = new Uint8Array(await asSharp(quarters(400, 200)).png().toBuffer());

Deno.test("a thumbnail shows what is in the box, and the whole photo without one", async () => {
  const right = { left: 200, top: 0, width: 200, height: 200 };
  const size = { pixels: 100, quality: 90 };
  const inside = await decodePhoto(await thumbnailJpeg(PHOTO, right, size));
  assertEquals([inside.width, inside.height], [100, 100]);
  assertEquals(colourAt(inside, 0.1, 0.25)[1] > 150, true);
  const whole = await decodePhoto(await thumbnailJpeg(PHOTO, undefined, size));
  assertEquals([whole.width, whole.height], [100, 50]);
  assertEquals(colourAt(whole, 0.1, 0.25)[0] > 150, true);
});

Deno.test("a thumbnail is never larger than its photo", async () => {
  const { width, height } = await decodePhoto(await thumbnailJpeg(PHOTO, undefined, { pixels: 4000, quality: 90 }));
  assertEquals([width, height], [400, 200]);
});

Deno.test("a thumbnail for a page is a data URI, and of what is no picture there is none", async () => {
  const box = { left: 0, top: 0, width: 400, height: 200 };
  const [start, text] = (await thumbnailUri(PHOTO, box)).split(",");
  assertEquals(start, "data:image/jpeg;base64");
  assertEquals((await decodePhoto(Uint8Array.fromBase64(text))).width, 180);
  await assertRejects(() => thumbnailUri(PHOTO.subarray(0, 50), box), PhotoError);
});
