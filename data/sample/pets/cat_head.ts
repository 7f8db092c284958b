import { type Colour, colour, css, lighter } from "../drawing/colours.ts";
import { furry } from "./fur.ts";
import { faceMarkings } from "./face_markings.ts";
import type { Pet } from "./pet.ts";
import { d, ellipse, mirrored, path, placed } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

const IRISES: readonly Colour[] = [
  colour(85, 45, 52),
  colour(150, 32, 52),
  colour(45, 80, 54),
  colour(200, 50, 64),
  colour(32, 75, 48),
];
const PINK = "hsl(352, 48%, 68%)";
const FACE = { x: -58, y: -50, width: 116, height: 96 };

/** A cat's head looking at the camera, about 120 wide, centred on the origin. */
export function catHead(sketch: Sketch, pet: Pet): Svg {
  const aside = pet.turn * 11;
  const outline = "M 0 -47 C 26 -49 48 -36 52 -8 C 53 2 60 9 61 18 C 52 18 50 22 46 27 C 34 42 18 46 0 46 " +
    "C -18 46 -34 42 -46 27 C -50 22 -52 18 -61 18 C -60 9 -53 2 -52 -8 C -48 -36 -26 -49 0 -47 Z";
  return ear(sketch, pet) + mirrored(ear(sketch, pet)) +
    furry(sketch, pet.coat, outline, FACE, faceMarkings(sketch, pet)) +
    placed(eyes(sketch, pet) + catMuzzle(sketch, pet), { x: aside, y: Math.abs(pet.turn) * -1.5 });
}

/** The right ear: a wide triangle on top of the head, pink inside. */
function ear(sketch: Sketch, { coat, ears }: Pet): Svg {
  const tip = -46 - 38 * ears;
  const lean = sketch.between(36, 44);
  const outline = d`M 4 -42 Q ${lean - 16} ${tip + 18} ${lean} ${tip} Q ${lean + 14} ${tip + 30} 52 -8 Z`;
  const inner = d`M 18 -40 Q ${lean - 9} ${tip + 28} ${lean - 1} ${tip + 13} Q ${lean + 9} ${tip + 36} 44 -18 Z`;
  const tufts = path(d`M 22 -38 L ${lean - 8} ${tip + 34} L 29 -34 L ${lean - 1} ${tip + 38} L 36 -28 Z`, {
    fill: css(coat.pale),
    opacity: 0.75,
  });
  return furry(sketch, coat, outline, { x: 4, y: tip, width: 52, height: 48 * ears }) +
    path(inner, { fill: PINK, stroke: css(lighter(coat.base, -18)), strokeWidth: 1, opacity: 0.85 }) + tufts;
}

function eyes(sketch: Sketch, pet: Pet): Svg {
  const iris = sketch.pick(IRISES);
  const pupil = sketch.between(2.2, 6);
  const apart = sketch.between(21, 24);
  const gaze = pet.turn * 1.6;
  return [-1, 1].map((side) =>
    placed(catEye(pet, iris, pupil, gaze * side), { x: side * apart, y: -7, scaleX: side, scaleY: 1 })
  )
    .join("");
}

/** An almond with a slit, its outer corner raised; `gaze` moves the pupil. */
export function catEye(pet: Pet, iris: Colour, pupil: number, gaze: number): Svg {
  const lid = css(colour(20, 20, 9));
  if (pet.eyesClosed) return path("M -11 -1 Q 0 9 12 -4", { stroke: lid, strokeWidth: 2.6 });
  return path("M -13 3 Q -6 -13 5 -12 Q 12 -11 14 -6 Q 11 9 1 10 Q -7 10 -13 3 Z", {
    fill: css(iris),
    stroke: lid,
    strokeWidth: 2.8,
  }) +
    ellipse(1 + gaze, -1, pupil, 9.4, { fill: "#0b0908" }) +
    ellipse(3.6 + gaze, -5.4, 2.7, 2.9, { fill: "#fff", opacity: 0.95 }) +
    ellipse(-2.4 + gaze, 4, 1.3, 1.3, { fill: "#fff", opacity: 0.6 });
}

/** Two round pads under a small triangular nose, and long whiskers. */
function catMuzzle(sketch: Sketch, { coat, muzzle }: Pet): Svg {
  const pale = css(coat.pale);
  const line = css(lighter(coat.base, coat.base.lightness < 28 ? -10 : -34));
  const wide = 12.5 * muzzle;
  const nose = sketch.pick([PINK, "hsl(8, 38%, 46%)", "hsl(350, 22%, 24%)"]);
  const pads = ellipse(0, 30, 13, 9, { fill: pale }) +
    [-1, 1].map((side) => ellipse(side * wide * 0.8, 21, wide * 1.12, 10.5, { fill: pale })).join("");
  const mouth = d`M 0 14 V 20 M 0 20 Q ${-wide * 0.5} 30 ${-wide * 1.2} 24 M 0 20 Q ${wide * 0.5} 30 ${wide * 1.2} 24`;
  return pads + path(mouth, { stroke: line, strokeWidth: 1.8 }) +
    path("M -7.5 7 Q 0 4 7.5 7 Q 5 13 0 15 Q -5 13 -7.5 7 Z", { fill: nose, stroke: line, strokeWidth: 1 }) +
    whiskers(sketch, coat.base.lightness) + mirrored(whiskers(sketch, coat.base.lightness));
}

/** Four whiskers to the right, and the dots that they grow from. */
export function whiskers(sketch: Sketch, lightness: number): Svg {
  const paint = { stroke: lightness > 66 ? "hsl(30, 14%, 30%)" : "hsl(40, 20%, 93%)", strokeWidth: 1.15, opacity: 0.9 };
  return [-11, -4, 3, 10].map((rise, index) => {
    const [x, y] = [12 + (index % 2) * 3, 17 + index * 3];
    const [reach, droop] = [sketch.between(44, 60), sketch.between(-3, 6)];
    return path(d`M ${x} ${y} q ${reach * 0.5} ${rise - 5} ${reach} ${rise + droop}`, paint) +
      ellipse(x, y, 0.9, 0.9, { fill: "#3a2a24", opacity: 0.7 });
  }).join("");
}
