/** Photos of one size as bytes: red, green and blue of each pixel, row by row. */
export interface PixelBatch {
  readonly shape: readonly [batch: number, height: number, width: number, colours: 3];
  readonly data: Uint8Array;
}
