import type { Coat } from "./coat.ts";
import { css, lighter } from "../drawing/colours.ts";
import { furry } from "./fur.ts";
import type { Pet } from "./pet.ts";
import { d, ellipse, path } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

/** A coat in the shade, for the limbs on the far side. */
export function inShade(coat: Coat): Coat {
  return { ...coat, base: lighter(coat.base, -8), marking: lighter(coat.marking, -8), pale: lighter(coat.pale, -12) };
}

/** A straight leg standing on y = 0, its paw pointing right. */
export function leg(sketch: Sketch, coat: Coat, x: number, top: number, width: number): Svg {
  const half = width / 2;
  const outline = d`M ${x - half} ${top} L ${x - half * 0.78} -10 Q ${x - half} 0 ${x - half * 0.5} 0 H ${x + half} Q ${
    x + half * 1.75
  } -1 ${x + half * 1.6} -8 Q ${x + half * 1.4} -14 ${x + half * 0.85} -15 L ${x + half} ${top} Z`;
  const sock = coat.pattern === "bicolour" || coat.pattern === "patches"
    ? ellipse(x + 3, 2, width, sketch.between(12, 30), { fill: css(coat.pale) })
    : coat.pattern === "mask"
    ? ellipse(x + 3, 2, width, 26, { fill: css(coat.marking), opacity: 0.7 })
    : coat.pattern === "tabby"
    ? path(d`M ${x - half} -30 H ${x + half} M ${x - half} -44 H ${x + half}`, {
      stroke: css(coat.marking),
      strokeWidth: 4.5,
      opacity: 0.8,
    })
    : "";
  return furry(sketch, coat, outline, { x: x - half, y: top, width: width * 1.4, height: -top }, sock) +
    toes(coat, x + half * 0.75, half);
}

/** A paw seen from the front, resting on y = 0. */
export function paw(sketch: Sketch, coat: Coat, x: number, width: number): Svg {
  const half = width / 2;
  const outline = d`M ${x - half} -4 Q ${x - half} -17 ${x} -17 Q ${x + half} -17 ${x + half} -4 Q ${
    x + half
  } 1 ${x} 1 Q ${x - half} 1 ${x - half} -4 Z`;
  const pale = coat.pattern === "bicolour" || coat.pattern === "patches" ? coat.pale : coat.base;
  return furry(sketch, { ...coat, base: pale }, outline, { x: x - half, y: -17, width, height: 17 }) +
    toes(coat, x, half * 0.9);
}

function toes(coat: Coat, x: number, half: number): Svg {
  return path(d`M ${x - half * 0.35} -1 v -6 M ${x + half * 0.35} -1 v -6`, {
    stroke: css(lighter(coat.base, -24)),
    strokeWidth: 1.6,
    opacity: 0.8,
  });
}

/**
 * A tail from the origin, going left and up: a cat's is long, even and curled at the end, a dog's tapers or rolls up.
 * `raised` runs from 0 (along the ground) to 1 (upright).
 */
export function tail(sketch: Sketch, pet: Pet, raised: number): Svg {
  const { coat, species } = pet;
  const edge = css(lighter(coat.base, -16));
  const fill = css(coat.base);
  const marking = css(coat.marking);
  const long = (species === "cat" ? 92 : 66) * pet.tail;
  const [x, y] = [-long * (1 - raised * 0.72), -long * raised];
  if (species === "cat") {
    const width = sketch.chance(0.2) ? 21 : sketch.between(10, 14);
    const curl = sketch.between(16, 30) * (sketch.chance(0.5) ? 1 : -1);
    const line = d`M 6 0 C ${x * 0.55} 2 ${x * 0.75} ${y * 0.3} ${x * 0.85} ${y * 0.72} S ${x - curl * 0.3} ${y - 18} ${
      x + curl
    } ${y - 14}`;
    const rings = coat.pattern === "tabby" ? path(line, { stroke: marking, strokeWidth: width, dashes: "6 10" }) : "";
    return path(line, { stroke: edge, strokeWidth: width + 2.6 }) + path(line, { stroke: fill, strokeWidth: width }) +
      rings;
  }
  const wide = sketch.between(7, 12);
  if (sketch.chance(0.25)) {
    const roll = "M 4 -4 C -26 -8 -40 -34 -22 -46 C -6 -54 6 -40 -4 -32 C -9 -28 -14 -30 -14 -35";
    return path(roll, { stroke: edge, strokeWidth: wide * 1.5 + 2.6 }) +
      path(roll, { stroke: fill, strokeWidth: wide * 1.5 });
  }
  const outline = d`M 8 ${-wide} C ${x * 0.4} ${-wide} ${x * 0.9} ${y * 0.5 - wide} ${x} ${y - 8} C ${x * 0.8} ${
    y * 0.5 + wide
  } ${x * 0.4} ${wide * 1.3} 8 ${wide} Z`;
  const tip = coat.pattern === "solid" ? "" : ellipse(x, y - 8, 16, 16, {
    fill: coat.pattern === "bicolour" ? css(coat.pale) : marking,
  });
  return furry(sketch, coat, outline, { x, y: y - 10, width: -x + 8, height: -y + 22 }, tip, Math.PI);
}
