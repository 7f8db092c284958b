import type { PixelBatch } from "../../base/pixel_batch.ts";
import type { SquarePlace } from "./photo_squares.ts";

/** Room for the squares of some photos: for each size `[photos, size, size, 3]` bytes, shared with workers. */
export interface BatchRoom {
  /** Where one photo's squares go. */
  places(row: number): SquarePlace[];
  /** The squares of these rows, one after the other; they are moved together where some are left out between them. */
  squares(rows: readonly number[]): PixelBatch[];
}

/**
 * Rooms for batches. One that is given back is used again: no isolate's garbage collection counts shared memory, so that
 * what is left to it piles up.
 */
export class BatchMemory {
  readonly #free: BatchRoom[] = [];

  constructor(readonly sizes: readonly number[], readonly photos: number) {}

  take(): BatchRoom {
    return this.#free.pop() ?? newRoom(this.sizes, this.photos);
  }

  giveBack(room: BatchRoom): void {
    this.#free.push(room);
  }
}

function newRoom(sizes: readonly number[], photos: number): BatchRoom {
  const parts = sizes.map((size) => {
    const stride = 3 * size ** 2;
    return { size, stride, data: new Uint8Array(new SharedArrayBuffer(photos * stride)) };
  });
  return {
    places: (row) =>
      parts.map(({ size, stride, data }) => ({ size, bytes: data.subarray(row * stride, (row + 1) * stride) })),
    squares: (rows) =>
      parts.map(({ size, stride, data }): PixelBatch => {
        for (const [to, from] of rows.entries()) {
          if (to !== from) data.copyWithin(to * stride, from * stride, (from + 1) * stride);
        }
        return { shape: [rows.length, size, size, 3], data: data.subarray(0, rows.length * stride) };
      }),
  };
}
