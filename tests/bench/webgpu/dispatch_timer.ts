import type { DeviceClock, Dispatch } from "../../../model/engines/webgpu/device/device_clock.ts";

/** A trial is long enough to be timed when it takes this many milliseconds. */
const TRIAL_MILLISECONDS = 4;
const LARGEST_REPEATS = 256;
const TRIALS = 3;

/**
 * The milliseconds that a dispatch takes, by repeating it until a trial is long enough to be timed; the least of
 * several trials, since whatever else happens only adds.
 */
export async function timeDispatch(clock: DeviceClock, dispatch: Dispatch): Promise<number> {
  let repeats = 1;
  let [, least] = await clock.milliseconds([{ dispatch, repeats }, { dispatch, repeats }]);
  while (least < TRIAL_MILLISECONDS && repeats < LARGEST_REPEATS) {
    repeats = Math.min(LARGEST_REPEATS, repeats * 4);
    [least] = await clock.milliseconds([{ dispatch, repeats }]);
  }
  const again = await clock.milliseconds(Array.from({ length: TRIALS - 1 }, () => ({ dispatch, repeats })));
  return Math.min(least, ...again) / repeats;
}
