/** Hue in degrees, saturation and lightness in per cent, as in CSS. */
export interface Colour {
  readonly hue: number;
  readonly saturation: number;
  readonly lightness: number;
}

export function colour(hue: number, saturation: number, lightness: number): Colour {
  return { hue, saturation, lightness };
}

/** CSS text; `opacity` from 0 to 1. */
export function css({ hue, saturation, lightness }: Colour, opacity = 1): string {
  const numbers = `${hue.toFixed(0)}, ${saturation.toFixed(0)}%, ${lightness.toFixed(1)}%`;
  return opacity === 1 ? `hsl(${numbers})` : `hsla(${numbers}, ${opacity.toFixed(2)})`;
}

/** Lighter by so many points (darker when negative), kept off pure black and white. */
export function lighter({ hue, saturation, lightness }: Colour, points: number): Colour {
  return { hue, saturation, lightness: Math.min(94, Math.max(4, lightness + points)) };
}
