import { assertEquals } from "@std/assert";
import sharp from "sharp";
import { plainTiff } from "../../../../../data/picture/heic/plain_tiff.ts";

Deno.test("plainTiff() is read by sharp as the pixels that it was made of, rows padded or not", async () => {
  for (const channels of [3, 4] as const) {
    for (const [width, height] of [[1, 1], [5, 16], [7, 17], [33, 50]]) {
      const stride = width * channels + 3;
      const memory = Uint8Array.from({ length: 11 + stride * height }, (_, k) => (k * 7919) % 251);
      const picture = { width, height, channels, stride, memory, start: 11, profile: new Uint8Array() };
      const { data, info } = await sharp(plainTiff(picture)).raw().toBuffer({ resolveWithObject: true });
      assertEquals([info.width, info.height, info.channels], [width, height, channels]);
      const rows = Array.from(
        { length: height },
        (_, row) => [...memory.subarray(11 + row * stride, 11 + row * stride + width * channels)],
      );
      assertEquals([...data], rows.flat());
    }
  }
});

Deno.test("plainTiff() carries a profile of any length", async () => {
  const profile = await sharp({ create: { width: 2, height: 2, channels: 3, background: "#888" } })
    .withIccProfile("p3").png().toBuffer().then((png) => sharp(png).metadata()).then(({ icc }) => icc);
  assertEquals(profile === undefined, false);
  const memory = new Uint8Array(12);
  const of = (profile: Uint8Array) =>
    plainTiff({ width: 2, height: 2, channels: 3, stride: 6, memory, start: 0, profile });
  assertEquals((await sharp(of(new Uint8Array(profile ?? []))).metadata()).icc, profile);
});
