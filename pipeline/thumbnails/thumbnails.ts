import type { Box } from "../../data/picture/pixels.ts";
import { thumbnailJpeg, type ThumbnailSize } from "../../data/picture/thumbnail.ts";
import { RecentPictures } from "./recent_pictures.ts";

/** A picture in a grid. */
const SMALL: ThumbnailSize = { pixels: 256, quality: 75 };

/** Of thumbnails: some ten thousand. */
const KEPT_BYTES = 96 * 2 ** 20;

/** Thumbnails of what trimming left of photos, kept for a while. */
export class Thumbnails {
  readonly #recent = new RecentPictures(KEPT_BYTES);

  /** @param photo its content's hash, and what trimming left of it */
  async of(
    { sha256, box, read }: { readonly sha256: string; readonly box: Box; read(): Promise<Uint8Array> },
  ): Promise<Uint8Array> {
    const { left, top, width, height } = box;
    const key = [sha256, left, top, width, height].join(" ");
    return await this.#recent.of(key, async () => await thumbnailJpeg(await read(), box, SMALL));
  }
}
