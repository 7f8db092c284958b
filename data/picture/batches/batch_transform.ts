import type { PixelBatch } from "../../base/pixel_batch.ts";
import { PhotoError } from "../../photo_error.ts";
import { BatchMemory, type BatchRoom } from "./batch_memory.ts";
import { inDecodePool } from "./decode_pool.ts";
import { DecodingWorkers } from "./decoding_workers.ts";
import type { PhotoBox } from "./photo_squares.ts";

/** How many batches wait to be taken, besides those that are used. */
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
  /** Photos in a batch; the last one may have fewer, and those with photos that cannot be decoded. */
  readonly batchSize: number;
  /** Is told of a photo that cannot be decoded, which no batch then has; without it, that ends the work. */
  unreadable?(photo: Photo, error: PhotoError): void;
}

/** Some photos, and for each size their squares: bytes, `[batch, size, size, 3]`, in the order of the photos. */
export interface TransformedBatch<Photo> {
  readonly photos: readonly Photo[];
  /** In shared memory. */
  readonly inputs: readonly PixelBatch[];
  /** Gives the inputs' memory to a later batch. Who does not call it may keep them. */
  release(): void;
}

/**
 * The write-up's `batch_transform`: decodes and trims photos, each once, and gives them as squares of several sizes. The
 * engines normalise, each backbone as its weights say. While a batch is being used the photos of the next two are decoded
 * in workers, and no more, however many photos there are.
 * @throws PhotoError when a photo cannot be decoded and nobody is told of it.
 */
export async function* batchTransform<Photo extends PhotoToTransform>(
  photos: Iterable<Photo>,
  { sizes, batchSize, unreadable }: Batching<Photo>,
): AsyncGenerator<TransformedBatch<Photo>> {
  await using workers = new DecodingWorkers();
  const memory = new BatchMemory(sizes, batchSize);
  const decoded = async (place: Place<Photo>): Promise<Place<Photo> & { readonly isThere: boolean }> => {
    const { photo, room, row } = place;
    try {
      await workers.writeSquares(await photo.read(), photo.box, room.places(row));
      return { ...place, isThere: true };
    } catch (thrown) {
      if (!unreadable || !(thrown instanceof PhotoError)) throw thrown;
      unreadable(photo, thrown);
      return { ...place, isThere: false };
    }
  };
  const batchOf = (room: BatchRoom, filled: readonly Place<Photo>[]): TransformedBatch<Photo> => ({
    photos: filled.map(({ photo }) => photo),
    inputs: room.squares(filled.map(({ row }) => row)),
    release: () => memory.giveBack(room),
  });
  let filled: Place<Photo>[] = [];
  for await (const place of inDecodePool(placesOf(photos, memory), decoded, BATCHES_AHEAD * batchSize)) {
    if (place.isThere) filled.push(place);
    if (place.row + 1 < batchSize) continue;
    if (filled.length > 0) yield batchOf(place.room, filled);
    filled = [];
  }
  if (filled.length > 0) yield batchOf(filled[0].room, filled);
}

/** A photo, and where its squares go. */
interface Place<Photo> {
  readonly photo: Photo;
  readonly bytes?: number;
  readonly room: BatchRoom;
  readonly row: number;
}

function* placesOf<Photo extends PhotoToTransform>(
  photos: Iterable<Photo>,
  memory: BatchMemory,
): Iterable<Place<Photo>> {
  let room = memory.take();
  let row = 0;
  for (const photo of photos) {
    if (row === memory.photos) {
      room = memory.take();
      row = 0;
    }
    yield { photo, bytes: photo.bytes, room, row: row++ };
  }
}
