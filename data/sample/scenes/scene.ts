import { colour, css } from "../drawing/colours.ts";
import { foreground } from "./foreground.ts";
import { blanket, clutter, room, sofa, studio } from "./indoor.ts";
import { meadow, openGround, street } from "./outdoor.ts";
import { type Pet, pickPet, type Species } from "../pets/pet.ts";
import type { Place } from "./place.ts";
import { POSE_DRAWINGS } from "../pets/poses.ts";
import { ellipse, placed, rectangle } from "../drawing/shapes.ts";
import type { Sketch, Svg } from "../drawing/sketch.ts";

/** What a photo shows. */
export type Subject = Species | "both" | "none";

const BACKGROUNDS = [room, room, sofa, blanket, studio, clutter, meadow, meadow, openGround, street];
/** Where nothing but the place itself is shown, it must be a place. */
const EMPTY_PLACES = [room, meadow, openGround, street];

/** A picture as two SVG documents of the same size. */
export interface Scene {
  /** The place, in focus; a camera may blur it. */
  readonly background: Svg;
  /** Animals, what stands before them, and the light, on nothing. */
  readonly front: Svg;
}

/** Draws a scene of `width` by `height` pixels. */
export function drawScene(sketch: Sketch, subject: Subject, width: number, height: number): Scene {
  const place: Place = { width, height, ground: height * sketch.between(0.87, 0.99) };
  const draw = sketch.pick(subject === "none" ? EMPTY_PLACES : BACKGROUNDS);
  const background = sketch.document(width, height, draw(sketch, place));
  const animals = subject === "none"
    ? ""
    : subject === "both"
    ? couple(sketch, place)
    : framed(sketch, pickPet(sketch, subject), place, width * sketch.between(0.44, 0.56), width * 0.96);
  const before = sketch.chance(0.3) ? foreground(sketch, place) : "";
  return {
    background,
    front: sketch.document(width, height, animals + before + light(sketch, place)),
  };
}

/** The animal near `middle`, as large as the frame and `room` pixels of width allow. */
function framed(sketch: Sketch, pet: Pet, { height, ground }: Place, middle: number, room: number): Svg {
  const { width: wide, height: tall, head, draw } = POSE_DRAWINGS[pet.pose];
  const scale = Math.min((ground * sketch.between(0.88, 1.06)) / tall, (room * sketch.between(1.1, 1.5)) / wide);
  const bottom = pet.pose === "portrait" ? height - 4 : ground;
  const facing = sketch.chance(0.5) ? 1 : -1;
  // What does not fit is cut off at the tail: the head comes as near to the middle as that takes.
  const x = middle - facing * head * scale * Math.max(0, Math.min(1, (wide * scale) / room - 0.6));
  const shadow = pet.pose === "portrait" ? "" : ellipse(x, ground, wide * scale * 0.46, 13 * scale, {
    fill: softBlack(sketch),
  });
  return shadow + placed(draw(sketch, pet), { x, y: bottom, scaleX: scale * facing, scaleY: scale });
}

/** A cat and a dog side by side, in either order. */
function couple(sketch: Sketch, place: Place): Svg {
  const [left, right]: Species[] = sketch.chance(0.5) ? ["cat", "dog"] : ["dog", "cat"];
  const pet = (species: Species): Pet => ({ ...pickPet(sketch, species), pose: "sitting", profile: false });
  const half = place.width / 2;
  return framed(sketch, pet(left), place, half * 0.54, half * 1.05) +
    framed(sketch, pet(right), place, half * 1.46, half * 1.05);
}

/** A shadow on the ground, fading out. */
function softBlack(sketch: Sketch): string {
  return sketch.define((id) =>
    `<radialGradient id="${id}"><stop offset="0.3" stop-color="#000" stop-opacity="0.45"/>` +
    `<stop offset="1" stop-color="#000" stop-opacity="0"/></radialGradient>`
  );
}

/** The light's colour over everything, brighter on one side, and darker corners. */
function light(sketch: Sketch, { width, height }: Place): Svg {
  const angle = sketch.between(0, 2 * Math.PI);
  const [x, y] = [0.5 * Math.cos(angle), 0.5 * Math.sin(angle)];
  const slope = sketch.define((id) =>
    `<linearGradient id="${id}" x1="${(0.5 + x).toFixed(2)}" y1="${(0.5 + y).toFixed(2)}" x2="${
      (0.5 - x).toFixed(2)
    }" y2="${(0.5 - y).toFixed(2)}"><stop offset="0" stop-color="#fff6dd" stop-opacity="${
      sketch.between(0, 0.2).toFixed(2)
    }"/><stop offset="1" stop-color="#0a0f22" stop-opacity="${sketch.between(0, 0.32).toFixed(2)}"/></linearGradient>`
  );
  const corners = sketch.define((id) =>
    `<radialGradient id="${id}" r="0.75"><stop offset="0.55" stop-color="#000" stop-opacity="0"/>` +
    `<stop offset="1" stop-color="#000" stop-opacity="${sketch.between(0.16, 0.4).toFixed(2)}"/></radialGradient>`
  );
  const tint = css(colour(sketch.between(0, 360), 70, 50));
  return rectangle(0, 0, width, height, { fill: tint, opacity: sketch.between(0, 0.08) }) +
    rectangle(0, 0, width, height, { fill: slope }) + rectangle(0, 0, width, height, { fill: corners });
}
