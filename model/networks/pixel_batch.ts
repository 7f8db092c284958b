import type { Network, Normalisation } from "./layers.ts";

/** Photos as bytes: red, green and blue of each pixel, row by row. */
export interface PixelBatch {
  readonly shape: readonly [batch: number, height: number, width: number, colours: 3];
  readonly data: Uint8Array;
}

/** A network that takes photos as bytes: a quarter of the traffic to a device, and no arithmetic before it. */
export function takingPixels(network: Network, { mean, std }: Normalisation): Network {
  return { ...network, normalisation: { mean, std } };
}

/** Normalisation as one multiplication and one addition for each colour: `byte * scale + offset`. */
export function affineNormalisation({ mean, std }: Normalisation): { scale: number[]; offset: number[] } {
  return {
    scale: std.map((deviation) => 1 / (255 * deviation)),
    offset: mean.map((value, colour) => -value / std[colour]),
  };
}
