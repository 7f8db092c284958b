import type { PixelBatch } from "../../base/pixel_batch.ts";
import { PhotoError } from "../../photo_error.ts";
import { inDecodePool } from "./decode_pool.ts";
import { DecodingWorkers } from "./decoding_workers.ts";
import { LentMemory } from "./lent_memory.ts";
import { type PhotoBox, sharedPlaces, squareBytes, type SquarePlace } from "./photo_squares.ts";

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
  /** Lends the inputs' memory to a later batch. Who does not call it may keep them. */
  release(): void;
}

/**
 * The write-up's `batch_transform`: decodes and trims photos, each once, and gives them as squares of several sizes. The
 * engines normalise, each backbone as its weights say. While a batch is being used the photos of the next one are
 * decoded in workers, and no more, however many photos there are.
 * @param decoding decodes them; it is disposed of when the batches end
 * @throws PhotoError when a photo cannot be decoded and nobody is told of it.
 */
export async function* batchTransform<Photo extends PhotoToTransform>(
  photos: Iterable<Photo>,
  { sizes, batchSize, unreadable }: Batching<Photo>,
  decoding = new DecodingWorkers(),
): AsyncGenerator<TransformedBatch<Photo>> {
  await using workers = decoding;
  const places = new LentMemory<readonly SquarePlace[]>(() => sharedPlaces(sizes));
  const decoded = async (photo: Photo): Promise<PhotoSquares<Photo> | undefined> => {
    const squares = places.take();
    try {
      await workers.writeSquares(await photo.read(), photo.box, squares);
      return { photo, squares };
    } catch (thrown) {
      places.giveBack(squares);
      if (!unreadable || !(thrown instanceof PhotoError)) throw thrown;
      unreadable(photo, thrown);
    }
  };
  const memory = new LentMemory<readonly Uint8Array[]>(() =>
    sizes.map((size) => new Uint8Array(batchSize * squareBytes(size)))
  );
  const batchOf = (photos: readonly Photo[], data: readonly Uint8Array[]): TransformedBatch<Photo> => ({
    photos,
    inputs: sizes.map((size, k) => ({
      shape: [photos.length, size, size, 3],
      data: data[k].subarray(0, photos.length * squareBytes(size)),
    })),
    release: () => memory.giveBack(data),
  });
  let data = memory.take();
  let batch: Photo[] = [];
  for await (const one of inDecodePool(photos, decoded, batchSize)) {
    if (!one) continue;
    for (const [k, { bytes }] of one.squares.entries()) data[k].set(bytes, batch.length * bytes.length);
    places.giveBack(one.squares);
    batch.push(one.photo);
    if (batch.length < batchSize) continue;
    yield batchOf(batch, data);
    data = memory.take();
    batch = [];
  }
  if (batch.length > 0) yield batchOf(batch, data);
}

/** A photo in each size, in memory that is lent. */
interface PhotoSquares<Photo> {
  readonly photo: Photo;
  readonly squares: readonly SquarePlace[];
}
