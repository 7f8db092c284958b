/** The frame that a background fills, in pixels. */
export interface Place {
  readonly width: number;
  readonly height: number;
  /** How far down the animal stands. */
  readonly ground: number;
}
