import type { PixelBatch } from "../../base/pixel_batch.ts";
import { PhotoError } from "../../photo_error.ts";
import { inDecodePool } from "./decode_pool.ts";
import { DecodingWorkers } from "./decoding_workers.ts";
import { type PhotoBox, type SquarePlace, squareBytes, SquaresMemory } from "./photo_squares.ts";

/** How many batches wait at most to be taken, besides those that are used. */
const BATCHES_AHEAD = 2;

/** A photo to transform; it is read when its turn comes. */
export interface PhotoToTransform {
  /** Size of its file, as far as it is known. */
  readonly bytes?: number;
  read(): Promise<Uint8Array>;
  /** What is left of it after trimming, or that it is to be trimmed; the whole photo when not given. */
  readonly box?: PhotoBox;
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
 * engines normalise, each backbone as its weights say. While a batch is being used the photos of the next two are decoded
 * in workers, and no more, however many photos there are.
 * @param decoding decodes them; it is disposed of when the batches end
 * @throws PhotoError when a photo cannot be decoded and nobody is told of it.
 */
export async function* batchTransform<Photo extends PhotoToTransform>(
  photos: Iterable<Photo>,
  { sizes, batchSize, unreadable }: Batching<Photo>,
  decoding = new DecodingWorkers(),
): AsyncGenerator<TransformedBatch<Photo>> {
  await using workers = decoding;
  const memory = new SquaresMemory(sizes);
  const decoded = async (photo: Photo): Promise<PhotoSquares<Photo> | undefined> => {
    const squares = memory.take();
    try {
      await workers.writeSquares(await photo.read(), photo.box, squares);
      return { photo, squares };
    } catch (thrown) {
      memory.giveBack(squares);
      if (!unreadable || !(thrown instanceof PhotoError)) throw thrown;
      unreadable(photo, thrown);
    }
  };
  let batch = new Batch<Photo>(sizes, batchSize);
  for await (const photo of inDecodePool(photos, decoded, BATCHES_AHEAD * batchSize)) {
    if (!photo) continue;
    batch.add(photo);
    memory.giveBack(photo.squares);
    if (batch.photos.length < batchSize) continue;
    yield batch.transformed();
    batch = new Batch(sizes, batchSize);
  }
  if (batch.photos.length > 0) yield batch.transformed();
}

/** A photo in each size, in memory that is lent. */
interface PhotoSquares<Photo> {
  readonly photo: Photo;
  readonly squares: readonly SquarePlace[];
}

/** A batch that photos are added to. Its memory is new: it may be kept as long as anyone likes. */
class Batch<Photo> {
  readonly photos: Photo[] = [];
  readonly #inputs: readonly Uint8Array[];

  constructor(readonly sizes: readonly number[], batchSize: number) {
    this.#inputs = sizes.map((size) => new Uint8Array(batchSize * squareBytes(size)));
  }

  add({ photo, squares }: PhotoSquares<Photo>): void {
    for (const [k, { bytes }] of squares.entries()) this.#inputs[k].set(bytes, this.photos.length * bytes.length);
    this.photos.push(photo);
  }

  transformed(): TransformedBatch<Photo> {
    const { photos, sizes } = this;
    const inputs = sizes.map((size, k): PixelBatch => ({
      shape: [photos.length, size, size, 3],
      data: this.#inputs[k].subarray(0, photos.length * squareBytes(size)),
    }));
    return { photos, inputs };
  }
}
