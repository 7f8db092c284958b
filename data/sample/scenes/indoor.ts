import { type Colour, colour, css, lighter } from "../drawing/colours.ts";
import type { Place } from "./place.ts";
import { d, ellipse, path, placed, rectangle } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

function paintColour(sketch: Sketch): Colour {
  return colour(sketch.between(0, 360), sketch.between(6, 36), sketch.between(34, 76));
}

/** A wall and a floor of boards, with a rug, a window, pictures and shelves. */
export function room(sketch: Sketch, { width, height, ground }: Place): Svg {
  const floor = ground - height * sketch.between(0.08, 0.3);
  const wood = colour(sketch.between(18, 38), sketch.between(22, 46), sketch.between(26, 58));
  const boards = sketch.repeat(
    9,
    (index) =>
      path(d`M ${(index - 2) * width * 0.2} ${height * 1.1} L ${width * 0.25 + index * width * 0.06} ${floor}`, {
        stroke: css(lighter(wood, -9)),
        strokeWidth: 1.6,
      }),
  );
  const rug = sketch.chance(0.5)
    ? ellipse(width / 2, ground, width * sketch.between(0.4, 0.6), height * 0.1, {
      fill: css(paintColour(sketch)),
      stroke: css(paintColour(sketch)),
      strokeWidth: 6,
    })
    : "";
  return wall(sketch, width, floor) +
    sketch.repeat(sketch.integer(1, 3), () => decoration(sketch, width, floor)) +
    rectangle(0, floor, width, height - floor + 200, { fill: css(wood) }) + boards +
    rectangle(0, floor - 9, width, 10, { fill: css(lighter(wood, 18)) }) + rug;
}

function wall(sketch: Sketch, width: number, floor: number): Svg {
  const paint = paintColour(sketch);
  const stripe = css(lighter(paint, sketch.pick([-5, 5])));
  const plain = rectangle(0, 0, width, floor, { fill: css(paint) });
  switch (sketch.pick(["plain", "stripes", "dots"])) {
    case "stripes": {
      const step = sketch.between(22, 60);
      return plain +
        sketch.repeat(
          Math.ceil(width / step),
          (index) => rectangle(index * step, 0, step / 2, floor, { fill: stripe }),
        );
    }
    case "dots": {
      const step = sketch.between(26, 46);
      const columns = Math.ceil(width / step);
      return plain + sketch.repeat(columns * Math.ceil(floor / step), (index) => {
        const row = Math.floor(index / columns);
        return ellipse(((index % columns) + (row % 2) / 2) * step, row * step, step * 0.16, step * 0.16, {
          fill: stripe,
        });
      });
    }
    default:
      return plain;
  }
}

/** One thing at the wall: a window, a picture, a shelf of books, a lamp or a plant in a pot. */
function decoration(sketch: Sketch, width: number, floor: number): Svg {
  const size = floor * sketch.between(0.3, 0.6);
  const at = { x: sketch.between(0, width), y: floor * sketch.between(0.25, 0.55) };
  switch (sketch.pick(["window", "picture", "shelf", "lamp", "plant", "plant"])) {
    case "window":
      return placed(
        rectangle(-size / 2, -size / 2, size, size, {
          fill: "hsl(203, 48%, 76%)",
          stroke: "hsl(38, 22%, 84%)",
          strokeWidth: 9,
        }) +
          ellipse(0, size * 0.4, size * 0.3, size * 0.16, { fill: "hsl(105, 28%, 48%)" }) +
          path(d`M 0 ${-size / 2} V ${size / 2} M ${-size / 2} 0 H ${size / 2}`, {
            stroke: "hsl(38, 22%, 84%)",
            strokeWidth: 5,
          }),
        at,
      );
    case "picture":
      return placed(
        rectangle(-size / 3, -size / 4, size / 1.5, size / 2, {
          fill: css(paintColour(sketch)),
          stroke: css(colour(28, 36, sketch.between(18, 50))),
          strokeWidth: 7,
        }) + ellipse(0, size * 0.1, size * 0.2, size * 0.09, { fill: css(paintColour(sketch)) }),
        at,
      );
    case "shelf": {
      let left = -size / 2;
      let books = "";
      while (left < size / 2) {
        const [thick, tall] = [sketch.between(6, 14), size * sketch.between(0.28, 0.44)];
        books += rectangle(left, -tall, thick, tall, {
          fill: css(colour(sketch.between(0, 360), 36, sketch.between(26, 58))),
        });
        left += thick + 1;
      }
      return placed(books + rectangle(-size / 2 - 8, 0, size + 24, 8, { fill: "hsl(26, 36%, 30%)" }), at);
    }
    case "lamp":
      return placed(
        rectangle(-2.5, 0, 5, floor, { fill: "hsl(30, 12%, 24%)" }) +
          path(d`M ${-size * 0.2} 0 L ${-size * 0.11} ${-size * 0.3} H ${size * 0.11} L ${size * 0.2} 0 Z`, {
            fill: "hsl(44, 72%, 78%)",
          }),
        at,
      );
    default:
      return placed(plant(sketch, size) + path(d`M -20 0 H 20 L 14 34 H -14 Z`, { fill: "hsl(16, 46%, 44%)" }), {
        x: at.x,
        y: floor - 28,
      });
  }
}

/** Leaves fanning out upwards from the origin. */
export function plant(sketch: Sketch, size: number): Svg {
  const green = colour(sketch.between(80, 150), sketch.between(22, 46), sketch.between(24, 42));
  return sketch.repeat(9, (index) => {
    const long = size * sketch.between(0.5, 1);
    return placed(
      path(d`M 0 0 Q ${-long * 0.16} ${-long * 0.6} 0 ${-long} Q ${long * 0.16} ${-long * 0.6} 0 0 Z`, {
        fill: css(lighter(green, sketch.between(-8, 8))),
      }),
      { turn: -64 + index * 16 + sketch.between(-6, 6) },
    );
  });
}

/** A sofa seen from the front, the animal on its seat. */
export function sofa(sketch: Sketch, { width, height, ground }: Place): Svg {
  const cloth = paintColour(sketch);
  const top = ground - height * sketch.between(0.45, 0.7);
  const edge = { stroke: css(lighter(cloth, -12)), strokeWidth: 2.5 };
  const half = width * sketch.between(0.4, 0.6);
  return wall(sketch, width, height) + decoration(sketch, width, top) +
    rectangle(half - width, top, width, ground - top + 20, { fill: css(cloth), ...edge }, 26) +
    rectangle(half, top, width, ground - top + 20, { fill: css(cloth), ...edge }, 26) +
    (sketch.chance(0.6)
      ? placed(rectangle(-46, -46, 92, 92, { fill: css(paintColour(sketch)), ...edge }, 16), {
        x: width * sketch.between(0.05, 0.95),
        y: ground - 50,
        turn: sketch.between(-24, 24),
      })
      : "") +
    rectangle(-20, ground - height * 0.05, width + 40, height, { fill: css(lighter(cloth, 5)), ...edge }, 18);
}

/** Cloth all over: a bed or a blanket with folds and a woven pattern. */
export function blanket(sketch: Sketch, { width, height }: Place): Svg {
  const cloth = paintColour(sketch);
  const [step, angle] = [sketch.between(26, 64), sketch.between(-40, 40)];
  const reach = width + height;
  const second = css(paintColour(sketch), 0.5);
  const weave = sketch.chance(0.6)
    ? sketch.repeat(
      Math.ceil((2 * reach) / step),
      (index) =>
        rectangle(-reach + index * step, -reach, step * 0.4, 2 * reach, { fill: second }) +
        rectangle(-reach, -reach + index * step, 2 * reach, step * 0.25, { fill: second }),
    )
    : "";
  const folds = sketch.repeat(7, () => {
    const [x, y] = [sketch.between(0, width), sketch.between(0, height)];
    return path(
      d`M ${x} ${y} q ${sketch.between(-90, 90)} ${sketch.between(-20, 50)} ${sketch.between(-160, 160)} ${
        sketch.between(30, 130)
      }`,
      { stroke: css(lighter(cloth, sketch.pick([-9, 8]))), strokeWidth: sketch.between(5, 16), opacity: 0.5 },
    );
  });
  return rectangle(0, 0, width, height, { fill: css(cloth) }) + placed(weave, { turn: angle }) + folds;
}

/** A photographer's backdrop: one colour, brighter behind the animal. */
export function studio(sketch: Sketch, { width, height }: Place): Svg {
  const backdrop = paintColour(sketch);
  const fill = sketch.define((id) =>
    `<radialGradient id="${id}" cx="${sketch.between(0.3, 0.7).toFixed(2)}" cy="0.4" r="0.8">` +
    `<stop offset="0" stop-color="${css(lighter(backdrop, 9))}"/><stop offset="1" stop-color="${
      css(lighter(backdrop, -14))
    }"/></radialGradient>`
  );
  return rectangle(0, 0, width, height, { fill });
}

/** Things of all colours, far out of focus. */
export function clutter(sketch: Sketch, { width, height, ground }: Place): Svg {
  return rectangle(0, 0, width, height, { fill: css(paintColour(sketch)) }) +
    sketch.repeat(sketch.integer(10, 22), () => {
      const [x, y] = [sketch.between(0, width), sketch.between(0, ground)];
      const size = sketch.between(20, 110);
      const fill = css({ ...paintColour(sketch), lightness: sketch.between(16, 80) });
      return sketch.chance(0.5)
        ? ellipse(x, y, size / 2, size / 2, { fill, opacity: 0.85 })
        : placed(rectangle(-size / 2, -size / 2, size, size * sketch.between(0.4, 1.5), { fill, opacity: 0.9 }), {
          x,
          y,
          turn: sketch.between(-20, 20),
        });
    }) + rectangle(0, ground - height * 0.12, width, height, { fill: css(paintColour(sketch)) });
}
