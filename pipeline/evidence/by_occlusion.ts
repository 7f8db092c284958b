import { chunk } from "@std/collections/chunk";
import type { PixelBatch } from "../../data/base/pixel_batch.ts";
import { emptyGrid, type Grid } from "./grid.ts";

/** Rows and columns of the map; each cell costs a pass through both backbones. */
const CELLS = 6;

/** What a covered part is filled with: the mean colour that the backbone was trained with, which it sees as nothing. */
export type Colour = readonly [red: number, green: number, blue: number];

/**
 * By how much the logit of dog falls when a part of a photo is covered, for each part.
 * @param inputs one photo for each backbone
 * @param colours of each backbone
 * @param logitsOf gives the logits of some photos, of which there are `batchSize` at most
 */
export async function gridByOcclusion(
  logit: number,
  inputs: readonly PixelBatch[],
  colours: readonly Colour[],
  logitsOf: (inputs: readonly PixelBatch[]) => Promise<Float64Array>,
  batchSize: number,
): Promise<Grid> {
  const grid = emptyGrid(CELLS, CELLS);
  const cells = Array.from(grid.values.keys());
  for (const some of chunk(cells, batchSize)) {
    const covered = inputs.map((input, k) => withCells(input, some, colours[k]));
    const logits = await logitsOf(covered);
    some.forEach((cell, k) => grid.values[cell] = logit - logits[k]);
  }
  return grid;
}

/** A photo once for each of some cells, with that cell covered. */
function withCells(
  { shape: [, height, width], data }: PixelBatch,
  cells: readonly number[],
  colour: Colour,
): PixelBatch {
  const covered = new Uint8Array(cells.length * data.length);
  for (const [k, cell] of cells.entries()) {
    const photo = covered.subarray(k * data.length, (k + 1) * data.length);
    photo.set(data);
    const [row, column] = [Math.floor(cell / CELLS), cell % CELLS];
    const edge = (place: number, extent: number) => Math.round((place * extent) / CELLS);
    for (let y = edge(row, height); y < edge(row + 1, height); y++) {
      for (let x = edge(column, width); x < edge(column + 1, width); x++) photo.set(colour, (y * width + x) * 3);
    }
  }
  return { shape: [cells.length, height, width, 3], data: covered };
}
