import type { Coat } from "./coat.ts";
import { css, lighter } from "../drawing/colours.ts";
import { clipped, d, ellipse, path } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

/** The rectangle that a part of a body lies in, in its own coordinates. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Light from above: a gradient over the part that it fills. */
function furGradient(sketch: Sketch, coat: Coat): string {
  const [light, shade] = [css(lighter(coat.base, 8)), css(lighter(coat.base, -9))];
  return sketch.define((id) =>
    `<radialGradient id="${id}" cx="0.42" cy="0.25" r="0.85"><stop offset="0" stop-color="${light}"/>` +
    `<stop offset="0.5" stop-color="${css(coat.base)}"/><stop offset="1" stop-color="${shade}"/></radialGradient>`
  );
}

/** Short hairs all over a box, combed towards `angle` (radians), some lighter and some darker than the coat. */
function hairs(sketch: Sketch, coat: Coat, { x, y, width, height }: Region, angle: number): Svg {
  const comb = (tone: number): Svg => {
    let data = "";
    for (let count = Math.min(90, (width * height) / 70); count > 0; count--) {
      const [length, lean] = [sketch.between(4, 9), angle + sketch.between(-0.5, 0.5)];
      data += d`M ${sketch.between(x, x + width)} ${sketch.between(y, y + height)} l ${length * Math.cos(lean)} ${
        length * Math.sin(lean)
      }`;
    }
    return path(data, { stroke: css(lighter(coat.base, tone)), strokeWidth: 1.1, opacity: 0.45 });
  };
  return comb(-11) + comb(11);
}

/**
 * A furry part: its outline filled with the coat, hairs, the markings on it, and a darker edge.
 * @param outline path data that ends in Z; the line which that closes gets no edge: there the part grows out of another
 * @param box what the outline lies in; hairs fill it
 * @param markings drawn over the fur, cut off at the outline
 * @param angle the direction the hairs lie in, radians
 */
export function furry(
  sketch: Sketch,
  coat: Coat,
  outline: string,
  box: Region,
  markings: Svg = "",
  angle = Math.PI / 2,
): Svg {
  const clip = sketch.define((id) => `<clipPath id="${id}"><path d="${outline}"/></clipPath>`);
  const edge = outline.slice(0, -1);
  return path(outline, { fill: furGradient(sketch, coat) }) +
    clipped(markings + hairs(sketch, coat, box, angle), clip) +
    path(edge, { stroke: css(lighter(coat.base, -16)), strokeWidth: 1.6, opacity: 0.75 });
}

/** The markings that a coat's pattern puts on a trunk lying in `box`. */
export function trunkMarkings(sketch: Sketch, coat: Coat, { x, y, width, height }: Region): Svg {
  const marking = css(coat.marking);
  switch (coat.pattern) {
    case "solid":
    case "mask":
      return ellipse(x + width / 2, y + height, width * 0.5, height * 0.25, { fill: css(coat.pale), opacity: 0.5 });
    case "tabby": {
      const stripes = sketch.integer(5, 8);
      return sketch.repeat(stripes, (index) => {
        const left = x + (width * (index + sketch.between(0.3, 0.7))) / stripes;
        const bend = sketch.between(-8, 8);
        return path(
          d`M ${left} ${y - 4} q ${bend} ${height * 0.3} ${sketch.between(-5, 5)} ${
            height * sketch.between(0.45, 0.8)
          }`,
          { stroke: marking, strokeWidth: sketch.between(4, 7.5), opacity: 0.85 },
        );
      });
    }
    case "patches":
      return sketch.repeat(sketch.integer(2, 4), () =>
        ellipse(
          x + width * sketch.between(0, 1),
          y + height * sketch.between(0, 0.8),
          width * sketch.between(0.16, 0.32),
          height * sketch.between(0.18, 0.36),
          { fill: marking },
        ));
    case "spots":
      return sketch.repeat(sketch.integer(14, 26), () =>
        ellipse(
          x + width * sketch.between(0, 1),
          y + height * sketch.between(0, 1),
          sketch.between(3, 8),
          sketch.between(3, 7),
          { fill: marking, opacity: 0.9 },
        ));
    case "bicolour":
      return path(
        d`M ${x - 5} ${y + height * 0.62} q ${width * 0.3} ${sketch.between(-24, 4)} ${width * 0.55} ${
          sketch.between(-8, 8)
        } T ${x + width + 5} ${y + height * 0.35} V ${y + height + 9} H ${x - 5} Z`,
        { fill: css(coat.pale) },
      );
  }
}
