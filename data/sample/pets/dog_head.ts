import { colour, css, lighter } from "../drawing/colours.ts";
import { furry } from "./fur.ts";
import { faceMarkings } from "./face_markings.ts";
import type { Pet } from "./pet.ts";
import { d, ellipse, mirrored, path, placed } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

const FACE = { x: -48, y: -54, width: 96, height: 100 };

/** A dog's head looking at the camera, about 100 wide without its ears, centred on the origin. */
export function dogHead(sketch: Sketch, pet: Pet): Svg {
  const aside = pet.turn * 12;
  const outline = "M 0 -54 C 26 -55 44 -40 45 -12 C 46 8 38 24 30 38 C 22 50 10 54 0 54 " +
    "C -10 54 -22 50 -30 38 C -38 24 -46 8 -45 -12 C -44 -40 -26 -55 0 -54 Z";
  const ears = ear(sketch, pet) + mirrored(ear(sketch, pet));
  const skull = furry(sketch, pet.coat, outline, FACE, faceMarkings(sketch, pet));
  const face = placed(eyes(sketch, pet) + dogMuzzle(sketch, pet), { x: aside, y: Math.abs(pet.turn) * -1.5 });
  return pet.dogEars === "pricked" ? ears + skull + face : skull + face + ears;
}

/** The right ear. */
function ear(sketch: Sketch, { coat, ears, dogEars }: Pet): Svg {
  const tone = { ...coat, base: lighter(coat.pattern === "solid" ? coat.base : coat.marking, -4) };
  switch (dogEars) {
    case "hanging": {
      const low = 6 + 36 * ears;
      const wide = sketch.between(66, 76);
      const outline = d`M 22 -48 C 44 -56 ${wide - 8} -40 ${wide} ${low - 34} C ${wide + 5} ${low - 8} ${wide - 12} ${
        low + 6
      } 52 ${low} C 40 ${low - 8} 42 -14 22 -48 Z`;
      return furry(sketch, tone, outline, { x: 22, y: -50, width: 54, height: low + 54 });
    }
    case "folded": {
      const tip = -2 + 10 * ears;
      const outline = d`M 12 -50 Q 34 -68 58 -46 Q 70 -26 64 ${tip} Q 44 -8 34 -28 Q 26 -40 12 -50 Z`;
      return furry(sketch, tone, outline, { x: 12, y: -62, width: 58, height: 64 });
    }
    case "pricked": {
      const tip = -54 - 36 * ears;
      const outline = d`M 8 -46 Q 18 ${tip + 16} 40 ${tip} Q 56 ${tip + 40} 45 -14 Z`;
      const inner = d`M 20 -42 Q 26 ${tip + 26} 38 ${tip + 14} Q 48 ${tip + 44} 40 -24 Z`;
      return furry(sketch, coat, outline, { x: 8, y: tip, width: 46, height: 60 }) +
        path(inner, { fill: css(lighter(coat.pale, -20)), opacity: 0.7 });
    }
  }
}

function eyes(sketch: Sketch, pet: Pet): Svg {
  const apart = sketch.between(18, 22);
  const iris = pet.dogEars !== "pricked" && sketch.chance(0.08)
    ? css(colour(205, 50, 66))
    : css(colour(24, 50, sketch.between(16, 34)));
  const brows = pet.coat.pattern === "mask" || sketch.chance(0.2);
  return [-1, 1].map((side) =>
    placed(
      (brows ? ellipse(1, -13, 6, 4, { fill: css(lighter(pet.coat.base, 18)), opacity: 0.8 }) : "") +
        dogEye(pet, iris, pet.turn * side * 1.2),
      { x: side * apart, y: -14, scaleX: side, scaleY: 1 },
    )
  ).join("");
}

/** A round dark eye under a soft lid; `gaze` moves the iris. */
export function dogEye(pet: Pet, iris: string, gaze: number): Svg {
  const lid = css(colour(20, 22, 9));
  if (pet.eyesClosed) return path("M -8 0 Q 0 7 9 1", { stroke: lid, strokeWidth: 2.6 });
  return path("M -9.5 2 Q -6 -8.5 2 -8 Q 9 -6 9.5 3 Q 4 8 -2 7.5 Q -7 6.5 -9.5 2 Z", {
    fill: "#efe8de",
    stroke: lid,
    strokeWidth: 2.2,
  }) +
    ellipse(0.5 + gaze, 0, 7, 7.2, { fill: iris }) +
    ellipse(0.5 + gaze, 0, 4, 4.2, { fill: "#0b0807" }) +
    ellipse(2.6 + gaze, -2.8, 2.1, 2.2, { fill: "#fff", opacity: 0.95 });
}

/** A long muzzle with a big dark nose; jowls, mouth, and often a tongue. */
function dogMuzzle(sketch: Sketch, { coat, muzzle, tongueOut }: Pet): Svg {
  const low = 34 + 17 * muzzle;
  const wide = 24 * sketch.between(0.88, 1.14);
  const noseAt = low - 26;
  const line = css(colour(18, 28, 12));
  const fur = { ...coat, base: coat.pattern === "mask" ? coat.marking : coat.pale };
  const outline = d`M -12 -8 C -18 6 ${-wide - 3} 14 ${-wide} ${low - 14} C ${-wide + 2} ${low + 2} -9 ${low + 3} 0 ${
    low - 1
  } C 9 ${low + 3} ${wide - 2} ${low + 2} ${wide} ${low - 14} C ${wide + 3} 14 18 6 12 -8 Q 0 -15 -12 -8 Z`;
  const jaw = ellipse(0, low, 14, 10, { fill: css(lighter(fur.base, -8)), stroke: line, strokeWidth: 1 });
  return jaw + (tongueOut ? tongue(sketch, low - 2) : "") +
    furry(sketch, fur, outline, { x: -wide, y: -10, width: 2 * wide, height: low + 10 }) +
    path(
      d`M 0 ${noseAt + 9} V ${low - 5} M 0 ${low - 5} Q -7 ${low + 3} -17 ${low - 5} M 0 ${low - 5} Q 7 ${low + 3} 17 ${
        low - 5
      }`,
      { stroke: line, strokeWidth: 2.2 },
    ) +
    dogNose(sketch, 0, noseAt);
}

export function dogNose(sketch: Sketch, x: number, y: number): Svg {
  const dark = sketch.pick(["#17120f", "#1d1a1d", "#3a241c"]);
  return placed(
    path("M -13 -4 Q -11 -10 0 -10 Q 11 -10 13 -4 Q 12 6 0 10 Q -12 6 -13 -4 Z", { fill: dark }) +
      ellipse(-5, 1.5, 2.6, 1.8, { fill: "#000" }) + ellipse(5, 1.5, 2.6, 1.8, { fill: "#000" }) +
      ellipse(-2, -6.2, 6, 1.9, { fill: "#fff", opacity: 0.5 }),
    { x, y, scaleX: sketch.between(1.02, 1.24) },
  );
}

/** A tongue hanging from the mouth at `y`. */
export function tongue(sketch: Sketch, y: number): Svg {
  const long = sketch.between(18, 30);
  const lean = sketch.between(-5, 5);
  return path(
    d`M -9 ${y - 4} C -12 ${y + long} ${lean - 4} ${y + long + 5} ${lean} ${y + long + 4} C ${lean + 8} ${
      y + long + 4
    } 12 ${y + long * 0.7} 9 ${y - 4} Z`,
    { fill: "hsl(352, 68%, 66%)", stroke: "hsl(350, 45%, 42%)", strokeWidth: 1.2 },
  ) + path(d`M 0 ${y} Q ${lean * 0.5} ${y + long * 0.5} ${lean} ${y + long * 0.75}`, {
    stroke: "hsl(350, 45%, 48%)",
    strokeWidth: 1.4,
  });
}
