import type { PixelBatch } from "../../base/pixel_batch.ts";
import { PhotoError } from "../../photo_error.ts";
import { inDecodePool } from "./decode_pool.ts";
import { withPixels } from "../decode.ts";
import { type Box, type Pixels, wholeBox } from "../pixels.ts";
import { squarePixels } from "./resize.ts";

/** A photo to transform; it is read when its turn comes. */
export interface PhotoToTransform {
  /** Size of its file, as far as it is known. */
  readonly bytes?: number;
  read(): Promise<Uint8Array>;
  /** What is left of it after trimming, or how that is found; the whole photo when not given. */
  readonly box?: Box | ((pixels: Pixels) => Box);
}

/** How photos become batches. */
export interface Batching<Photo> {
  /** Of the squares, in pixels. */
  readonly sizes: readonly number[];
  /** Photos in a batch; the last one may have fewer. */
  readonly batchSize: number;
  /** Is told of a photo that cannot be decoded, which no batch then has; without it, that ends the work. */
  unreadable?(photo: Photo, error: PhotoError): void;
}

/** Some photos, and for each size their squares: bytes, `[batch, size, size, 3]`, in the order of the photos. */
export interface TransformedBatch<Photo> {
  readonly photos: readonly Photo[];
  readonly inputs: readonly PixelBatch[];
}

/**
 * The write-up's `batch_transform`: decodes and trims photos, each once, and gives them as squares of several sizes. The
 * engines normalise, each backbone as its weights say. While a batch is being used the photos of the next one are
 * decoded, and no more, however many photos there are.
 * @throws PhotoError when a photo cannot be decoded and nobody is told of it.
 */
export async function* batchTransform<Photo extends PhotoToTransform>(
  photos: Iterable<Photo>,
  { sizes, batchSize, unreadable }: Batching<Photo>,
): AsyncGenerator<TransformedBatch<Photo>> {
  const decoded = async (photo: Photo): Promise<PhotoSquares<Photo> | undefined> => {
    try {
      return { photo, squares: await squaresOf(photo, sizes) };
    } catch (thrown) {
      if (!unreadable || !(thrown instanceof PhotoError)) throw thrown;
      unreadable(photo, thrown);
    }
  };
  let batch: PhotoSquares<Photo>[] = [];
  for await (const photo of inDecodePool(photos, decoded, batchSize)) {
    if (photo) batch.push(photo);
    if (batch.length < batchSize) continue;
    yield batchOf(batch, sizes);
    batch = [];
  }
  if (batch.length > 0) yield batchOf(batch, sizes);
}

/** A photo in each size: bytes, `[size, size, 3]`. */
interface PhotoSquares<Photo> {
  readonly photo: Photo;
  readonly squares: readonly Uint8Array[];
}

async function squaresOf(photo: PhotoToTransform, sizes: readonly number[]): Promise<Uint8Array[]> {
  const { box } = photo;
  return await withPixels(await photo.read(), async (pixels) => {
    const left = typeof box === "function" ? box(pixels) : box ?? wholeBox(pixels);
    const squares: Uint8Array[] = [];
    // One after the other: none may be at the pixels still when another has failed.
    for (const size of sizes) squares.push(await squarePixels(pixels, left, size));
    return squares;
  });
}

function batchOf<Photo>(photos: readonly PhotoSquares<Photo>[], sizes: readonly number[]): TransformedBatch<Photo> {
  const inputs = sizes.map((size, k): PixelBatch => {
    const bytes = 3 * size ** 2;
    const data = new Uint8Array(photos.length * bytes);
    for (const [index, { squares }] of photos.entries()) data.set(squares[k], index * bytes);
    return { shape: [photos.length, size, size, 3], data };
  });
  return { photos: photos.map(({ photo }) => photo), inputs };
}
