import type { BackbonePrefix } from "./fusion_net.ts";

/** For each backbone how many times as high and wide as its weights' own size the photos are that it sees. */
export type InputScales = Readonly<Record<BackbonePrefix, number>>;

/** Photos of the sizes that the weights were trained on. */
export const OWN_SIZES: InputScales = { resnet: 1, inception: 1 };

/** Both backbones halve height and width five times. */
const TOTAL_STRIDE = 32;

/**
 * The size that a scale makes of the weights' own, in pixels: the nearest that is a whole number of total strides away
 * from it, so that the last layer gains whole positions and no pixel at the edge is left unseen.
 * @param ownSize height and width of the photos that the weights were trained on
 */
export function scaledInputSize(ownSize: number, scale: number): number {
  return ownSize + TOTAL_STRIDE * Math.round((ownSize * (scale - 1)) / TOTAL_STRIDE);
}
