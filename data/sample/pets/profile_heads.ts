import { catEye, whiskers } from "./cat_head.ts";
import { colour, css, lighter } from "../drawing/colours.ts";
import { dogEye, dogNose } from "./dog_head.ts";
import { furry } from "./fur.ts";
import type { Pet } from "./pet.ts";
import { d, ellipse, path, placed } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

/** A cat's head seen from the side, facing right: a round skull and a short muzzle. */
export function catProfile(sketch: Sketch, pet: Pet): Svg {
  const { coat } = pet;
  const outline = "M -44 10 C -50 -26 -26 -48 4 -46 C 26 -44 38 -28 43 -10 C 52 -4 58 2 57 10 C 58 22 48 28 38 30 " +
    "C 22 44 -34 46 -44 10 Z";
  const tip = -48 - 36 * pet.ears;
  const ear = (x: number) =>
    placed(
      furry(sketch, coat, d`M -20 -36 Q -14 ${tip + 20} 6 ${tip} Q 20 ${tip + 30} 22 -36 Z`, {
        x: -20,
        y: tip,
        width: 42,
        height: 44,
      }) + path(d`M -8 -40 Q -4 ${tip + 28} 6 ${tip + 12} Q 14 ${tip + 34} 14 -40 Z`, {
        fill: "hsl(352, 48%, 68%)",
        opacity: 0.8,
      }),
      { x },
    );
  const stripes = coat.pattern === "tabby"
    ? path("M -6 -48 L -2 -28 M 8 -48 L 10 -30 M -44 6 L -24 8 M -40 18 L -22 16", {
      stroke: css(coat.marking),
      strokeWidth: 5,
      opacity: 0.85,
    })
    : "";
  const iris = sketch.pick([colour(85, 45, 52), colour(45, 80, 54), colour(200, 50, 64)]);
  return ear(10) +
    furry(sketch, coat, outline, { x: -48, y: -48, width: 106, height: 90 }, stripes) + ear(-12) +
    ellipse(44, 14, 14, 11, { fill: css(coat.pale) }) + ellipse(38, 26, 10, 6, { fill: css(coat.pale) }) +
    path("M 55 6 Q 60 2 57 11 Q 54 11 52 8 Z", { fill: "hsl(352, 40%, 55%)", stroke: "#3b2723", strokeWidth: 1 }) +
    path("M 55 12 Q 50 22 38 22", { stroke: "#33241f", strokeWidth: 1.7 }) +
    placed(catEye(pet, iris, sketch.between(2, 4.5), 2), { x: 24, y: -10, scaleX: 0.85, scaleY: 0.95 }) +
    placed(whiskers(sketch, coat.base.lightness), { x: 26, y: -4, turn: 14, scaleX: 0.9 });
}

/** A dog's head seen from the side, facing right: a stop below the brow, a long muzzle, the nose at its end. */
export function dogProfile(sketch: Sketch, pet: Pet): Svg {
  const { coat } = pet;
  const nose = 58 + 26 * pet.muzzle;
  const line = css(colour(18, 28, 12));
  const outline = d`M -44 14 C -54 -28 -26 -52 4 -48 C 22 -45 30 -34 36 -20 C 50 -16 ${nose - 14} -14 ${nose} -10 C ${
    nose + 6
  } -2 ${nose + 2} 12 ${nose - 8} 16 C 56 28 40 32 26 38 C 2 50 -38 46 -44 14 Z`;
  const muzzle = coat.pattern === "mask" ? coat.marking : coat.pale;
  const markings = ellipse(nose - 8, 8, 40, 24, { fill: css(muzzle), opacity: 0.9 }) +
    (coat.pattern === "patches" ? ellipse(4, -20, 30, 26, { fill: css(coat.marking) }) : "");
  const hanging = pet.tongueOut
    ? placed(
      path("M -6 -3 C -8 20 -5 32 2 32 C 10 32 9 16 7 -3 Z", {
        fill: "hsl(352, 68%, 66%)",
        stroke: "hsl(350, 45%, 42%)",
        strokeWidth: 1.2,
      }),
      { x: nose - 28, y: 18, turn: -6 },
    )
    : "";
  return (pet.dogEars === "pricked" ? profileEar(sketch, pet, 10) : "") + hanging +
    furry(sketch, coat, outline, { x: -50, y: -52, width: nose + 54, height: 98 }, markings, 0.3) +
    path(d`M ${nose - 3} 6 Q ${nose - 8} 15 ${nose - 20} 15 Q 52 18 40 14`, { stroke: line, strokeWidth: 2.1 }) +
    placed(dogNose(sketch, 0, 0), { x: nose, y: -8, scaleX: 0.72, scaleY: 0.8 }) +
    placed(dogEye(pet, css(colour(24, 50, sketch.between(16, 34))), 1.5), { x: 24, y: -16, scaleX: 0.9 }) +
    profileEar(sketch, pet, -12);
}

function profileEar(sketch: Sketch, { coat, ears, dogEars }: Pet, x: number): Svg {
  const tone = { ...coat, base: lighter(coat.pattern === "solid" ? coat.base : coat.marking, -5) };
  if (dogEars === "pricked") {
    const tip = -50 - 38 * ears;
    const outline = d`M -20 -36 Q -12 ${tip + 20} 4 ${tip} Q 20 ${tip + 34} 18 -38 Z`;
    return placed(furry(sketch, coat, outline, { x: -20, y: tip, width: 42, height: 50 }), { x });
  }
  const low = dogEars === "hanging" ? 8 + 32 * ears : -2;
  const outline = d`M -18 -40 C 2 -52 22 -38 ${16} ${low - 20} C 14 ${low + 4} -4 ${low + 12} -14 ${low} C -26 ${
    low - 20
  } -26 -26 -18 -40 Z`;
  return placed(furry(sketch, tone, outline, { x: -26, y: -46, width: 48, height: low + 56 }), { x });
}
