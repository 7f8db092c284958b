import { type Colour, colour, css, lighter } from "../drawing/colours.ts";
import type { Place } from "./place.ts";
import { d, ellipse, path, placed, rectangle } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

function grassColour(sketch: Sketch): Colour {
  return colour(sketch.between(66, 128), sketch.between(22, 48), sketch.between(30, 50));
}

function sky(sketch: Sketch, { width, height }: Place): Svg {
  const tone = colour(sketch.between(196, 216), sketch.between(12, 58), sketch.between(56, 74));
  const fill = sketch.define((id) =>
    `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${css(tone)}"/>` +
    `<stop offset="1" stop-color="${css(lighter(tone, 12))}"/></linearGradient>`
  );
  const clouds = sketch.repeat(sketch.integer(0, 3), () => {
    const [x, y] = [sketch.between(0, width), sketch.between(0, height * 0.3)];
    return sketch.repeat(
      4,
      (puff) =>
        ellipse(x + puff * 24, y + sketch.between(-8, 8), sketch.between(20, 36), sketch.between(10, 18), {
          fill: "#fff",
          opacity: 0.5,
        }),
    );
  });
  return rectangle(0, 0, width, height, { fill }) + clouds;
}

function tree(sketch: Sketch, tall: number): Svg {
  const leaves = colour(sketch.between(70, 140), sketch.between(20, 40), sketch.between(22, 42));
  const trunk = path(d`M -7 0 L -4 ${-tall * 0.6} H 4 L 8 0 Z`, { fill: "hsl(26, 28%, 24%)" });
  if (sketch.chance(0.35)) {
    return trunk + sketch.repeat(3, (tier) => {
      const [low, wide] = [-tall * (0.2 + tier * 0.22), tall * (0.26 - tier * 0.05)];
      return path(d`M ${-wide} ${low} L 0 ${low - tall * 0.4} L ${wide} ${low} Z`, {
        fill: css(lighter(leaves, tier * 3 - 4)),
      });
    });
  }
  return trunk +
    sketch.repeat(
      8,
      () =>
        ellipse(sketch.between(-0.24, 0.24) * tall, -tall * sketch.between(0.5, 0.95), tall * 0.2, tall * 0.17, {
          fill: css(lighter(leaves, sketch.between(-6, 6))),
        }),
    );
}

/** Blades of grass standing on a band from `top` to `bottom`. */
export function grassBlades(sketch: Sketch, width: number, top: number, bottom: number, tall: number): Svg {
  const green = grassColour(sketch);
  return [-10, 0, 10].map((tone) => {
    let data = "";
    for (let count = Math.min(160, width / 3); count > 0; count--) {
      data += d`M ${sketch.between(0, width)} ${sketch.between(top, bottom)} q ${sketch.between(-3, 3)} ${
        -tall * 0.5
      } ${sketch.between(-8, 8)} ${-tall * sketch.between(0.5, 1)}`;
    }
    return path(data, { stroke: css(lighter(green, tone)), strokeWidth: 2.2 });
  }).join("");
}

/** A meadow or a garden: hills, trees, a fence, grass and flowers. */
export function meadow(sketch: Sketch, place: Place): Svg {
  const { width, height, ground } = place;
  const horizon = ground - height * sketch.between(0.2, 0.5);
  const grass = grassColour(sketch);
  const hills = sketch.repeat(
    sketch.integer(0, 2),
    () =>
      ellipse(
        sketch.between(0, width),
        horizon + 10,
        width * sketch.between(0.3, 0.6),
        height * sketch.between(0.08, 0.2),
        {
          fill: css(lighter(grassColour(sketch), 8)),
        },
      ),
  );
  const trees = sketch.repeat(
    sketch.integer(0, 4),
    () => placed(tree(sketch, height * sketch.between(0.3, 0.7)), { x: sketch.between(0, width), y: horizon + 6 }),
  );
  const flowers = sketch.chance(0.4)
    ? sketch.repeat(
      sketch.integer(8, 24),
      () =>
        ellipse(sketch.between(0, width), sketch.between(horizon + 6, height), 3, 3, {
          fill: css(colour(sketch.pick([0, 48, 290, 330]), 66, 66)),
        }),
    )
    : "";
  return sky(sketch, place) + hills + trees +
    (sketch.chance(0.3) ? fence(sketch, width, horizon + 10, height * 0.25) : "") +
    rectangle(0, horizon, width, height, { fill: css(grass) }) +
    grassBlades(sketch, width, horizon + 4, height, height * 0.05) + flowers;
}

function fence(sketch: Sketch, width: number, bottom: number, tall: number): Svg {
  const wood = css(colour(sketch.between(20, 40), sketch.between(8, 32), sketch.between(38, 76)));
  const step = sketch.between(24, 40);
  return rectangle(0, bottom - tall * 0.75, width, tall * 0.1, { fill: wood }) +
    rectangle(0, bottom - tall * 0.35, width, tall * 0.1, { fill: wood }) +
    sketch.repeat(Math.ceil(width / step) + 1, (index) =>
      path(
        d`M ${index * step} ${bottom} V ${bottom - tall} l ${step * 0.3} ${-step * 0.3} l ${step * 0.3} ${
          step * 0.3
        } V ${bottom} Z`,
        { fill: wood, stroke: "rgba(40,30,20,0.35)" },
      ));
}

/** A beach, a path or snow: sky or water above, one ground below with pebbles on it. */
export function openGround(sketch: Sketch, place: Place): Svg {
  const { width, height, ground } = place;
  const horizon = ground - height * sketch.between(0.15, 0.45);
  const soil = sketch.pick([colour(40, 40, 66), colour(30, 18, 50), colour(212, 16, 78), colour(24, 30, 40)]);
  const water = sketch.chance(0.4)
    ? rectangle(0, horizon - height * 0.16, width, height * 0.2, { fill: css(colour(200, 42, sketch.between(38, 58))) })
    : "";
  const pebbles = sketch.repeat(sketch.integer(12, 36), () => {
    const size = sketch.between(2, 7);
    return ellipse(sketch.between(0, width), sketch.between(horizon + 8, height), size, size * 0.6, {
      fill: css(lighter(soil, sketch.between(-16, 9))),
    });
  });
  return sky(sketch, place) + water + rectangle(0, horizon, width, height, { fill: css(soil) }) + pebbles;
}

/** A brick wall above paving stones. */
export function street(sketch: Sketch, { width, height, ground }: Place): Svg {
  const foot = ground - height * sketch.between(0.06, 0.2);
  const brick = colour(sketch.between(8, 34), sketch.between(12, 44), sketch.between(36, 58));
  const [wide, tall] = [sketch.between(34, 56), sketch.between(13, 20)];
  const columns = Math.ceil(width / wide) + 1;
  const bricks = sketch.repeat(columns * Math.ceil(foot / tall), (index) => {
    const row = Math.floor(index / columns);
    return rectangle(((index % columns) - (row % 2) / 2) * wide, foot - (row + 1) * tall, wide - 2.5, tall - 2.5, {
      fill: css(lighter(brick, sketch.between(-5, 5))),
    });
  });
  const paving = colour(sketch.between(20, 220), 7, sketch.between(40, 60));
  return rectangle(0, 0, width, foot, { fill: css(lighter(brick, 16)) }) + bricks +
    rectangle(0, foot, width, height, { fill: css(paving) }) +
    sketch.repeat(
      6,
      (index) =>
        path(d`M ${(index * width) / 5} ${foot} L ${(index - 2.5) * width * 0.4 + width / 2} ${height + 40}`, {
          stroke: css(lighter(paving, -12)),
          strokeWidth: 2.5,
        }),
    );
}
