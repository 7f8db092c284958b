import { colour, css } from "../drawing/colours.ts";
import { plant } from "./indoor.ts";
import { grassBlades } from "./outdoor.ts";
import type { Place } from "./place.ts";
import { d, ellipse, path, placed, rectangle } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

/** Something between the camera and the animal that hides a part of it; the face stays mostly free. */
export function foreground(sketch: Sketch, { width, height, ground }: Place): Svg {
  const side = sketch.chance(0.5) ? 0.02 : 0.98;
  const low = Math.min(ground, height);
  switch (sketch.pick(["grass", "plant", "ball", "wool", "bars", "cushion", "edge"])) {
    case "grass":
      return grassBlades(sketch, width, low, low + 12, height * sketch.between(0.1, 0.2));
    case "plant":
      return placed(plant(sketch, height * sketch.between(0.4, 0.6)), { x: width * side, y: height * 1.02 });
    case "ball": {
      const size = height * sketch.between(0.06, 0.1);
      return placed(
        ellipse(0, 0, size, size, { fill: css(colour(sketch.between(0, 360), 62, 50)) }) +
          path(d`M ${-size} 0 Q 0 ${-size * 0.7} ${size} 0`, {
            stroke: "rgba(255,255,255,0.75)",
            strokeWidth: size * 0.16,
          }) +
          ellipse(-size * 0.3, -size * 0.4, size * 0.24, size * 0.16, { fill: "#fff", opacity: 0.5 }),
        { x: width * sketch.between(0.15, 0.85), y: low - size * 0.7, turn: sketch.between(-40, 40) },
      );
    }
    case "wool": {
      const size = height * sketch.between(0.06, 0.1);
      const wool = colour(sketch.between(0, 360), 48, 56);
      const thread = { stroke: css({ ...wool, lightness: 42 }), strokeWidth: 1.6 };
      return placed(
        path(d`M ${size} ${size * 0.6} q ${size * 1.6} ${size * 0.6} ${size * 2.6} 0`, thread) +
          ellipse(0, 0, size, size, { fill: css(wool) }) +
          sketch.repeat(4, (turn) => placed(ellipse(0, 0, size * 0.96, size * 0.4, thread), { turn: turn * 45 })),
        { x: width * sketch.between(0.15, 0.85), y: low - size * 0.7 },
      );
    }
    case "bars": {
      const step = width * sketch.between(0.16, 0.26);
      const bar = css(colour(sketch.between(190, 230), 7, sketch.between(26, 62)));
      return sketch.repeat(7, (index) => rectangle(index * step - step / 2, 0, width * 0.014, height, { fill: bar }));
    }
    case "cushion":
      return placed(
        rectangle(-70, -50, 140, 100, {
          fill: css(colour(sketch.between(0, 360), 34, sketch.between(36, 66))),
          stroke: "rgba(0,0,0,0.25)",
          strokeWidth: 2,
        }, 24),
        { x: width * side, y: height * 0.97, turn: sketch.between(-20, 20), scaleX: height / 330 },
      );
    default:
      return rectangle(-10, height * sketch.between(0.88, 0.94), width + 20, height, {
        fill: css(colour(sketch.between(14, 40), sketch.between(16, 40), sketch.between(24, 54))),
      });
  }
}
