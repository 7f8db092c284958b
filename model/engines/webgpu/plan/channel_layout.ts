/** What a kernel reads and writes at once: four channels of a pixel. */
export const GROUP = 4;

/**
 * How a value's channels lie in a buffer: one run for what a row wrote, several where values were concatenated, each
 * filled up with zeros to whole groups of four. Kernels see whole groups only, whatever the channel counts are.
 */
export type ChannelRuns = readonly number[];

/** The groups of four channels that a pixel takes. */
export function groupsOf(runs: ChannelRuns): number {
  return runs.reduce((groups, channels) => groups + Math.ceil(channels / GROUP), 0);
}

/** Where each channel lies in a pixel's groups, counted in channels; the places that are not named hold zeros. */
export function channelPlaces(runs: ChannelRuns): Uint32Array {
  const places: number[] = [];
  let start = 0;
  for (const channels of runs) {
    for (let channel = 0; channel < channels; channel++) places.push(start + channel);
    start += Math.ceil(channels / GROUP) * GROUP;
  }
  return Uint32Array.from(places);
}
