import { type Colour, colour, lighter } from "../drawing/colours.ts";
import type { Sketch } from "../drawing/sketch.ts";

/** How a coat's second colour lies on the first. */
export type Pattern = "solid" | "tabby" | "patches" | "spots" | "bicolour" | "mask";

/** The fur of one animal. */
export interface Coat {
  readonly pattern: Pattern;
  readonly base: Colour;
  /** The markings' colour: stripes, patches, spots, mask. */
  readonly marking: Colour;
  /** Muzzle, chest, belly and toes. */
  readonly pale: Colour;
}

/** Both species wear the same colours, so that a colour tells nothing about the species. */
const FURS: readonly Colour[] = [
  colour(240, 7, 17), // black
  colour(215, 9, 32), // charcoal
  colour(210, 9, 50), // grey
  colour(205, 10, 67), // silver
  colour(38, 42, 76), // cream
  colour(34, 22, 86), // white
  colour(25, 66, 52), // ginger
  colour(30, 48, 60), // tan
  colour(24, 42, 36), // brown
  colour(17, 42, 24), // chocolate
  colour(40, 36, 66), // sand
];

const PATTERNS: readonly Pattern[] = ["solid", "solid", "tabby", "tabby", "patches", "spots", "bicolour", "mask"];

/** A coat drawn from colours and patterns that cats and dogs share. */
export function pickCoat(sketch: Sketch): Coat {
  const pattern = sketch.pick(PATTERNS);
  const fur = sketch.pick(FURS);
  const base = {
    hue: fur.hue + sketch.between(-4, 4),
    saturation: fur.saturation * sketch.between(0.85, 1.15),
    lightness: fur.lightness + sketch.between(-4, 4),
  };
  const dark = base.lightness < 30;
  const contrast = pattern === "tabby" ? sketch.between(14, 22) : sketch.between(22, 36);
  const marking = sketch.chance(0.3) && pattern === "patches"
    ? sketch.pick(FURS)
    : lighter(base, dark ? contrast : -contrast);
  const white = colour(36, 24, 89);
  const pale = pattern === "bicolour" || sketch.chance(0.45) ? white : lighter(base, dark ? 10 : 12);
  return { pattern, base, marking, pale };
}
