import { css } from "../drawing/colours.ts";
import type { Pet } from "./pet.ts";
import { d, ellipse, path } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

/** The markings that a coat's pattern puts on a face about 100 wide, centred on the origin. */
export function faceMarkings(sketch: Sketch, { coat, turn }: Pet): Svg {
  const marking = css(coat.marking);
  const aside = turn * 9;
  const side = sketch.chance(0.5) ? 1 : -1;
  switch (coat.pattern) {
    case "solid":
      return "";
    case "tabby":
      return path(
        d`M ${aside} -52 V -24 M ${aside - 12} -50 L ${aside - 9} -26 M ${aside + 12} -50 L ${aside + 9} -26 ` +
          "M -60 0 L -42 3 M -60 12 L -42 11 M 60 0 L 42 3 M 60 12 L 42 11",
        { stroke: marking, strokeWidth: 5, opacity: 0.85 },
      );
    case "patches":
      return ellipse(side * 30, -22, sketch.between(24, 32), sketch.between(28, 38), { fill: marking }) +
        (sketch.chance(0.4) ? ellipse(side * -44, 20, 18, 22, { fill: marking }) : "");
    case "spots":
      return sketch.repeat(
        9,
        () =>
          ellipse(sketch.between(-50, 50), sketch.between(-48, 34), sketch.between(2, 5), sketch.between(2, 5), {
            fill: marking,
            opacity: 0.8,
          }),
      );
    case "bicolour": {
      const blaze = sketch.between(3, 10);
      return path(
        d`M ${aside - blaze} -52 L ${aside + blaze} -52 Q ${aside + blaze} -10 ${aside + 30} 12 Q 46 26 50 60 H -50 ` +
          d`Q -46 26 ${aside - 30} 12 Q ${aside - blaze} -10 ${aside - blaze} -52 Z`,
        { fill: css(coat.pale) },
      );
    }
    case "mask":
      return ellipse(aside, 12, sketch.between(26, 34), sketch.between(26, 36), { fill: marking, opacity: 0.75 });
  }
}
