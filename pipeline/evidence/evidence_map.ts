import type { Box } from "../../data/picture/pixels.ts";

/** Where in a photo cat and dog are seen: what each part of it adds to the logit of dog. */
export interface EvidenceMap {
  readonly rows: number;
  readonly columns: number;
  /** Row by row; over 0 it speaks for dog, under 0 for cat. */
  readonly values: readonly number[];
  /** The part of the photo that the grid covers: what trimming left. */
  readonly box: Box;
  /** Of the whole photo, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The sum of what speaks for dog, and of what speaks for cat, which is under 0. */
  readonly dog: number;
  readonly cat: number;
  /** What no part of the photo holds: the values and it sum to the logit. */
  readonly rest: number;
  /**
   * `contributions`: what the classifier adds up, each feature at the positions of the layer that it comes from. These see
   * more of the photo than their share of it. `occlusion`: by how much the logit falls when that part is covered.
   */
  readonly by: "contributions" | "occlusion";
}

/** A map of a photo with its sums. */
export function evidenceMap(
  grid: { readonly rows: number; readonly columns: number; readonly values: Float64Array },
  photo: Pick<EvidenceMap, "box" | "width" | "height">,
  told: Pick<EvidenceMap, "rest" | "by">,
): EvidenceMap {
  const { box, width, height } = photo;
  const values = [...grid.values];
  const sum = (some: readonly number[]) => some.reduce((total, value) => total + value, 0);
  const dog = sum(values.filter((value) => value > 0));
  const cat = sum(values.filter((value) => value < 0));
  return { rows: grid.rows, columns: grid.columns, values, box, width, height, dog, cat, ...told };
}
