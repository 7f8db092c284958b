import { catHead } from "./cat_head.ts";
import { colour, css } from "../drawing/colours.ts";
import { dogHead } from "./dog_head.ts";
import { furry, trunkMarkings } from "./fur.ts";
import { inShade, leg, paw, tail } from "./limbs.ts";
import type { Pet, Pose } from "./pet.ts";
import { catProfile, dogProfile } from "./profile_heads.ts";
import { d, ellipse, mirrored, path, placed } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

/** A pose draws the animal facing right, standing on y = 0 at x = 0, within `width` and `height`. */
export interface PoseDrawing {
  readonly width: number;
  readonly height: number;
  /** Where the head is. */
  readonly head: number;
  readonly draw: (sketch: Sketch, pet: Pet) => Svg;
}

export const POSE_DRAWINGS: Readonly<Record<Pose, PoseDrawing>> = {
  portrait: { width: 200, height: 208, head: 0, draw: portrait },
  sitting: { width: 200, height: 252, head: 0, draw: sitting },
  sitting_sideways: { width: 220, height: 252, head: 30, draw: sittingSideways },
  standing: { width: 300, height: 266, head: 84, draw: standing },
  lying: { width: 290, height: 196, head: 70, draw: lying },
};

function head(sketch: Sketch, pet: Pet, x: number, y: number): Svg {
  const drawn = pet.species === "cat"
    ? (pet.profile ? catProfile : catHead)(sketch, pet)
    : (pet.profile ? dogProfile : dogHead)(sketch, pet);
  return placed(drawn, { x, y, turn: pet.tilt, scaleX: pet.headSize });
}

/** A collar across the neck, with a tag. */
function collar(pet: Pet, x: number, y: number, width: number): Svg {
  if (pet.collar === undefined) return "";
  const band = d`M ${x - width / 2} ${y - 4} Q ${x} ${y + 16} ${x + width / 2} ${y - 4}`;
  return path(band, { stroke: css(colour(pet.collar, 62, 30)), strokeWidth: 10 }) +
    path(band, { stroke: css(colour(pet.collar, 66, 46)), strokeWidth: 7 }) +
    ellipse(x, y + 13, 5.5, 6, { fill: "hsl(46, 72%, 56%)", stroke: "hsl(40, 60%, 32%)", strokeWidth: 1.2 });
}

/** Head and shoulders. */
function portrait(sketch: Sketch, pet: Pet): Svg {
  const wide = 62 * pet.girth;
  const outline = d`M -30 -110 C -36 -70 ${-wide} -62 ${-wide - 8} 60 H ${wide + 8} C ${wide} -62 36 -70 30 -110 Z`;
  const box = { x: -wide - 8, y: -90, width: 2 * wide + 16, height: 110 };
  const bib = path(d`M -20 -70 Q 0 -50 20 -70 Q 34 -20 0 10 Q -34 -20 -20 -70 Z`, { fill: css(pet.coat.pale) });
  return furry(sketch, pet.coat, outline, box, trunkMarkings(sketch, pet.coat, box) + bib) + collar(pet, 0, -64, 62) +
    head(sketch, pet, 0, -104);
}

/** Sitting, seen from the front. */
function sitting(sketch: Sketch, pet: Pet): Svg {
  const { coat, girth, legs } = pet;
  const [wide, neck] = [50 * girth, -96 - 24 * legs];
  const outline = d`M -26 ${neck} C -34 ${
    neck + 40
  } ${-wide} -60 ${-wide} -22 C ${-wide} -2 -30 0 0 0 C 30 0 ${wide} -2 ${wide} -22 C ${wide} -60 34 ${
    neck + 40
  } 26 ${neck} Z`;
  const box = { x: -wide, y: neck, width: 2 * wide, height: -neck };
  const bib = ellipse(0, neck + 44, 22, 34, { fill: css(coat.pale), opacity: 0.9 });
  const haunch = furry(
    sketch,
    coat,
    d`M ${wide - 24} -50 C ${wide + 8} -52 ${wide + 22} -26 ${wide + 12} -4 Q ${wide - 10} 3 ${wide - 26} -3 Z`,
    { x: wide - 26, y: -52, width: 46, height: 54 },
  );
  const front = leg(sketch, coat, 15, neck + 62, 21) + mirrored(leg(sketch, coat, 15, neck + 62, 21));
  return placed(tail(sketch, pet, sketch.between(0.05, pet.species === "dog" ? 0.6 : 0.35)), {
    x: -wide * 0.8,
    y: -14,
  }) +
    furry(sketch, coat, outline, box, trunkMarkings(sketch, coat, box) + bib) + haunch + mirrored(haunch) +
    paw(sketch, coat, wide - 2, 30) + paw(sketch, coat, -wide + 2, 30) + front +
    collar(pet, 0, neck + 16, 58) + head(sketch, pet, 0, neck - 26);
}

/** Sitting, seen from the side. */
function sittingSideways(sketch: Sketch, pet: Pet): Svg {
  const { coat, girth, legs } = pet;
  const neck = -96 - 24 * legs;
  const back = -62 * girth;
  const outline = d`M 8 ${neck} C -26 ${neck + 34} ${
    back - 6
  } -70 ${back} -24 C ${back} 0 -30 0 -4 0 L 34 -20 C 50 -50 54 ${neck + 34} 52 ${neck + 4} Z`;
  const box = { x: back, y: neck, width: 52 - back, height: -neck };
  const haunch = furry(
    sketch,
    coat,
    d`M ${back + 12} -34 C ${back + 18} -64 -8 -70 4 -38 C 8 -24 4 -12 -2 -8 L 10 -8 Q 20 -6 18 0 H ${back + 20} Q ${
      back + 8
    } -12 ${back + 12} -34 Z`,
    { x: back + 10, y: -66, width: -back, height: 66 },
    coat.pattern === "tabby" ? trunkMarkings(sketch, coat, { x: back + 12, y: -60, width: 50, height: 50 }) : "",
  );
  return placed(tail(sketch, pet, sketch.between(0.05, 0.55)), { x: back + 8, y: -12 }) +
    leg(sketch, inShade(coat), 42, neck + 56, 19) +
    furry(sketch, coat, outline, box, trunkMarkings(sketch, coat, box), 2) +
    haunch + leg(sketch, coat, 26, neck + 58, 21) + collar(pet, 28, neck + 14, 48) + head(sketch, pet, 30, neck - 22);
}

/** Standing or walking, seen from the side. */
function standing(sketch: Sketch, pet: Pet): Svg {
  const { coat, girth, species } = pet;
  const belly = -52 * pet.legs;
  const top = belly - 58 * girth;
  const tuck = species === "dog" ? belly - 10 : belly + 5;
  const chest = species === "dog" ? belly + 7 : belly;
  const outline = d`M -86 ${top + 20} C -80 ${top - 4} -40 ${top} 0 ${top + 4} C 24 ${top + 2} 42 ${top - 22} 54 ${
    top - 38
  } L 100 ${top - 20} C 98 ${top + 20} 94 ${chest - 12} 70 ${chest} C 30 ${chest + 4} -10 ${tuck} -56 ${
    tuck + 2
  } C -90 ${tuck - 6} -94 ${top + 44} -86 ${top + 20} Z`;
  const box = { x: -90, y: top - 12, width: 186, height: belly - top + 16 };
  const far = inShade(coat);
  const stride = sketch.between(-9, 9);
  const width = sketch.between(17, 22);
  return placed(tail(sketch, pet, sketch.between(0.3, 1)), { x: -82, y: top + 16 }) +
    leg(sketch, far, -52 - stride, belly - 26, width) + leg(sketch, far, 50 + stride, belly - 26, width) +
    leg(sketch, coat, -70 + stride, belly - 24, width + 2) + leg(sketch, coat, 68 - stride, belly - 24, width + 2) +
    furry(sketch, coat, outline, box, trunkMarkings(sketch, coat, box), Math.PI * 0.9) +
    collar(pet, 76, top - 22, 46) + head(sketch, { ...pet, headSize: pet.headSize * 1.12 }, 84, top - 64);
}

/** Lying with the front paws stretched out, seen from the side. */
function lying(sketch: Sketch, pet: Pet): Svg {
  const { coat, girth } = pet;
  const top = -62 * girth;
  const outline = d`M -104 -10 C -112 ${top} -60 ${top - 12} -6 ${top + 4} C 20 ${top - 6} 34 ${top - 18} 46 ${
    top - 24
  } L 88 ${top - 4} C 96 -30 84 -6 72 0 H -90 Q -102 0 -104 -10 Z`;
  const box = { x: -108, y: top - 12, width: 196, height: 12 - top };
  const haunch = furry(
    sketch,
    coat,
    d`M -98 -12 C -104 ${
      top + 8
    } -50 ${top} -46 -22 C -44 -12 -48 -8 -50 -8 H -34 Q -24 -6 -26 0 H -84 Q -96 0 -98 -12 Z`,
    { x: -100, y: top + 4, width: 72, height: -top },
    coat.pattern === "tabby" ? trunkMarkings(sketch, coat, { x: -96, y: top + 6, width: 48, height: 40 }) : "",
  );
  const arm = (x: number) => {
    const outline = d`M ${x} -20 H ${x + 48} Q ${x + 66} -20 ${x + 66} -9 Q ${x + 66} 0 ${x + 52} 0 H ${x} Z`;
    return furry(sketch, coat, outline, { x, y: -20, width: 66, height: 20 }, "", 0) +
      path(d`M ${x + 58} -3 v -8 M ${x + 51} -3 v -8`, { stroke: css(coat.marking), strokeWidth: 1.5, opacity: 0.6 });
  };
  return placed(tail(sketch, pet, sketch.between(0, 0.25)), { x: -96, y: -12 }) +
    furry(sketch, coat, outline, box, trunkMarkings(sketch, coat, box), Math.PI * 0.95) + haunch +
    placed(arm(52), { y: -5 }) + arm(40) + collar(pet, 66, top - 6, 46) + head(sketch, pet, 70, top - 42);
}
