import type { LogitParts } from "../../model/linear/linear_probe.ts";
import { groupSource } from "../../model/networks/fused/group_source.ts";
import { spreadParts } from "../../model/networks/fused/spread_parts.ts";
import type { Network } from "../../model/networks/layers.ts";
import type { TensorMap } from "../../model/tensor.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import { addGrid, emptyGrid, type Grid } from "./grid.ts";

/** Rows and columns of the map: about as many as the finer of the last layers have. */
const CELLS = 12;

/** The values inside each backbone that groups of features sum up. */
export function summedValues(groups: readonly string[], networks: readonly Network[]): string[][] {
  const sources = groups.map((name) => groupSource(name, networks));
  return networks.map((_, k) => [
    ...new Set(sources.filter(({ backbone }) => backbone === k).map(({ value }) => value)),
  ]);
}

/**
 * Where the parts of a photo's logit come from: exact, since each feature is put at the positions that it sums up. Layers
 * of several sizes are laid over one another.
 * @param values of one photo inside each backbone
 */
export function gridByContributions(
  { groups }: LogitParts,
  networks: readonly Network[],
  values: readonly TensorMap[],
): Grid {
  const grid = emptyGrid(CELLS, CELLS);
  for (const { name, parts } of groups) {
    const { backbone, value, by } = groupSource(name, networks);
    const map = entryOf(values[backbone], value, "what the engine gave");
    const [, , rows, columns] = map.shape;
    addGrid(grid, { rows, columns, values: spreadParts(map, by, parts) });
  }
  return grid;
}
