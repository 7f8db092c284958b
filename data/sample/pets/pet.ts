import { type Coat, pickCoat } from "./coat.ts";
import type { Sketch } from "../drawing/sketch.ts";

export type Species = "cat" | "dog";
export type Pose = "portrait" | "sitting" | "sitting_sideways" | "standing" | "lying";
export type DogEars = "hanging" | "folded" | "pricked";

/** How often each pose is drawn, and each kind of ear: the ones that leave little to tell by are rare. */
const POSES: readonly Pose[] = [
  ...new Array<Pose>(8).fill("portrait"),
  ...new Array<Pose>(6).fill("sitting"),
  ...new Array<Pose>(3).fill("sitting_sideways"),
  ...new Array<Pose>(3).fill("lying"),
  ...new Array<Pose>(2).fill("standing"),
];
const DOG_EARS: readonly DogEars[] = [
  ...new Array<DogEars>(19).fill("hanging"),
  ...new Array<DogEars>(19).fill("folded"),
  "pricked",
];

/** Everything that makes one animal, drawn before the first line of it. */
export interface Pet {
  readonly species: Species;
  readonly coat: Coat;
  readonly pose: Pose;
  /** Seen from the side (true) or looking at the camera. */
  readonly profile: boolean;
  /** How far a face that looks at the camera turns aside, from -1 to 1. */
  readonly turn: number;
  /** Degrees that the head leans. */
  readonly tilt: number;
  readonly headSize: number;
  /** Length of ears, muzzle, legs and tail; stoutness of the trunk. 1 is ordinary. */
  readonly ears: number;
  readonly muzzle: number;
  readonly legs: number;
  readonly tail: number;
  readonly girth: number;
  readonly dogEars: DogEars;
  readonly eyesClosed: boolean;
  readonly tongueOut: boolean;
  /** Hue of a collar; none when undefined. */
  readonly collar?: number;
}

export function pickPet(sketch: Sketch, species: Species): Pet {
  const pose = sketch.pick(POSES);
  const sideways = pose === "sitting_sideways" || pose === "standing" || pose === "lying";
  return {
    species,
    coat: pickCoat(sketch),
    pose,
    profile: sideways && sketch.chance(0.02),
    turn: sketch.between(-1, 1),
    tilt: sketch.between(-11, 11),
    headSize: sketch.between(0.98, 1.2),
    ears: sketch.between(0.8, 1.2),
    muzzle: sketch.between(0.9, 1.25),
    legs: sketch.between(0.8, 1.15),
    tail: sketch.between(0.8, 1.2),
    girth: sketch.between(0.85, 1.15),
    dogEars: sketch.pick(DOG_EARS),
    eyesClosed: sketch.chance(0.02),
    tongueOut: species === "dog" && sketch.chance(0.75),
    collar: sketch.chance(0.3) ? sketch.between(0, 360) : undefined,
  };
}
