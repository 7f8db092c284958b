/** Ticks of an axis from 0 to 1. */
export const PROBABILITY_TICKS = { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: ".1f" };

/**
 * A number of photos, on a logarithmic axis that begins at 0: most predictions are near 0 or 1, and the few between are
 * those to see.
 */
export const COUNT_AXIS = {
  type: "quantitative" as const,
  title: "photos",
  scale: { type: "symlog" as const, constant: 1 },
  axis: { values: [0, 1, 10, 100, 1000, 10000] },
};
