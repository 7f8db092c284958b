/** How a backbone wants its input, as its weights say. */
export interface Preprocessing {
  /** Height and width in pixels. */
  readonly inputSize: number;
  /** Of red, green and blue, each on a scale from 0 to 1. */
  readonly mean: readonly [red: number, green: number, blue: number];
  readonly std: readonly [red: number, green: number, blue: number];
}

/**
 * What every engine does before a network's first layer, plainly. Writes one picture as a network takes it: `(value / 255 - mean) / std`, as torchvision's `ToTensor` and `Normalize`.
 * @param rgb `[size, size, 3]` bytes.
 * @param out `[3, size, size]` floats, for instance one picture's part of a batch.
 * @throws RangeError when either has another length.
 */
export function normalise(rgb: Uint8Array, { inputSize: size, mean, std }: Preprocessing, out: Float32Array): void {
  const plane = size * size;
  for (const [name, { length }] of Object.entries({ pixels: rgb, output: out })) {
    if (length !== 3 * plane) {
      throw new RangeError(`Cannot normalise a picture: expected ${name} of ${3 * plane} values, got ${length}`);
    }
  }
  for (let channel = 0; channel < 3; channel++) {
    const values = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean[channel]) / std[channel]);
    const offset = channel * plane;
    for (let pixel = 0; pixel < plane; pixel++) out[offset + pixel] = values[rgb[pixel * 3 + channel]];
  }
}
