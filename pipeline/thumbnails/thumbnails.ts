import sharp from "sharp";
import { MemoryBudget } from "../../data/picture/limits/memory_budget.ts";
import { MAXIMUM_PHOTO_BYTES } from "../../data/picture/photo_file.ts";
import type { Box } from "../../data/picture/pixels.ts";
import { thumbnailJpeg, type ThumbnailSize } from "../../data/picture/thumbnail.ts";
import type { StageFolder } from "../store/run_folder.ts";
import { CachedPictures } from "./cached_pictures.ts";
import { pictureOf } from "./picture_of.ts";
import { RecentPictures } from "./recent_pictures.ts";

/** Where a run keeps them. */
export const THUMBNAILS_FOLDER = "thumbnails";

/** A picture in a grid. */
const SMALL: ThumbnailSize = { pixels: 256, quality: 75 };

/** Of thumbnails in memory: some three thousand. */
const KEPT_BYTES = 32 * 2 ** 20;

/** Pictures that are made at a time. */
const AT_ONCE = Math.max(2, navigator.hardwareConcurrency);

/** A photo to make a picture of. */
export interface PhotoToShow {
  /** Of its content. */
  readonly sha256: string;
  /** Of its file. */
  readonly bytes: number;
  /** What trimming left of it. */
  readonly box: Box;
  read(): Promise<Uint8Array>;
}

/**
 * Small pictures of what trimming left of photos: made once, by content and box, and kept in the run's folder; and larger
 * ones of whole photos, which are made when they are looked at. A few are made at a time.
 */
export class Thumbnails {
  readonly #recent = new RecentPictures(KEPT_BYTES);
  readonly #cached: CachedPictures;
  /** Pictures that are being made: whoever asks meanwhile gets the same. */
  readonly #underWay = new Map<string, Promise<Uint8Array>>();
  readonly #turns = new MemoryBudget(AT_ONCE);
  readonly #files = new MemoryBudget(MAXIMUM_PHOTO_BYTES);

  /** @param folder within the run's, for nothing else */
  constructor(folder: StageFolder) {
    this.#cached = new CachedPictures(folder);
  }

  /** @throws PhotoError when the photo is no picture; what reading it throws. */
  async of(photo: PhotoToShow): Promise<Uint8Array> {
    const { sha256, box: { left, top, width, height } } = photo;
    const { pixels, quality } = SMALL;
    const key = [sha256, left, top, width, height, pixels, quality, sharp.versions.vips].join(" ");
    return await this.#recent.of(key, () => this.#shared(key, () => this.#cachedOrMade(key, photo)));
  }

  /** @throws PhotoError when the photo is no picture; what reading it throws. */
  async large(photo: PhotoToShow): Promise<Uint8Array> {
    return await this.#inTurn(photo, pictureOf);
  }

  async #shared(key: string, make: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const underWay = this.#underWay.get(key);
    if (underWay) return await underWay;
    const making = make().finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, making);
    return await making;
  }

  async #cachedOrMade(key: string, photo: PhotoToShow): Promise<Uint8Array> {
    const cached = await this.#cached.read(key);
    if (cached) return cached;
    const made = await this.#inTurn(photo, (bytes) => thumbnailJpeg(bytes, photo.box, SMALL));
    await this.#cached.keep(key, made);
    return made;
  }

  #inTurn({ bytes, read }: PhotoToShow, make: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array> {
    return this.#turns.hold(1, () => this.#files.hold(bytes, async () => await make(await read())));
  }
}
