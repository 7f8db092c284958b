/**
 * A channel count times the width multiplier.
 *
 * Every count in ResNet50 and Inception_v3 is a multiple of 16, so widths that are multiples of 1/16 give whole numbers, and
 * the sums over concatenated branches stay true. Other widths would need a rounding rule and are refused.
 * @throws RangeError when the product is not a positive whole number.
 */
export function scaledChannels(channels: number, width: number): number {
  const scaled = channels * width;
  if (!Number.isInteger(scaled) || scaled < 1) {
    throw new RangeError(
      `Cannot scale ${channels} channels: expected a width that is a positive multiple of 1/16, got ${width}`,
    );
  }
  return scaled;
}
