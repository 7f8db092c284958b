import type { Grid } from "../kernels/shader.ts";
import type { DeviceClock } from "./device_clock.ts";

/** One dispatch that can be repeated. */
export interface Dispatch {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindings: GPUBindGroup;
  readonly grid: Grid;
}

/** A trial is long enough to be timed when it takes this many milliseconds. */
const TRIAL_MILLISECONDS = 4;
const LARGEST_REPEATS = 256;
const TRIALS = 3;

/**
 * The milliseconds that a dispatch takes, by repeating it until a trial is long enough to be timed; the least of
 * several trials, since whatever else happens only adds.
 */
export async function timeDispatch(clock: DeviceClock, { name, pipeline, bindings, grid }: Dispatch): Promise<number> {
  const trial = (repeats: number) =>
    clock.milliseconds(name, (pass) => {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindings);
      for (let k = 0; k < repeats; k++) pass.dispatchWorkgroups(...grid);
    });
  await trial(1);
  let repeats = 1;
  let least = await trial(repeats);
  while (least < TRIAL_MILLISECONDS && repeats < LARGEST_REPEATS) {
    repeats = Math.min(LARGEST_REPEATS, repeats * 4);
    least = await trial(repeats);
  }
  for (let k = 1; k < TRIALS; k++) least = Math.min(least, await trial(repeats));
  return least / repeats;
}
