import { freeName } from "../../../../data/owned/owned_folder.ts";
import { type RunSettings, samplePhotos } from "../../../settings/config.ts";
import { UserError } from "../../../files/user_error.ts";
import { runOnPhotos, runOnSample } from "../places/default_run.ts";
import { drawnSample } from "../places/drawn_sample.ts";
import { photoPlaces } from "../places/photo_places.ts";

/**
 * Checks that settings leave a run with the photos that it has: those at the same places, however they are named, or
 * the sample of the same seed. Photos to predict may come to a run that has none.
 * @param known the settings that the run has
 * @throws UserError that says how to give the other photos a run of their own, or this one.
 */
export async function assertOwnPhotos(out: string, known: RunSettings, settings: RunSettings): Promise<void> {
  const other = await otherPhotos(out, known, settings);
  if (!other) return;
  const own = settings.data === null ? runOnSample(settings.seed) : await runOnPhotos(settings.data);
  throw new UserError(
    `Cannot go on with ${out}: expected ${other.had}, on which it was made, got ${other.given}. Give them a run of ` +
      `their own (--out ${own === out ? await freeName(out, "run") : own}), or this one in their place (--replace)`,
  );
}

/** The photos that a run has, in words, and the other ones that settings name; `undefined` where they are the same. */
export async function otherPhotos(
  out: string,
  known: RunSettings,
  settings: RunSettings,
): Promise<{ had: string; given: string } | undefined> {
  if (known.data === null || settings.data === null) {
    const had = known.data ?? `the sample of seed ${await seedOfSample(out, known)}`;
    const given = settings.data ?? `the sample of seed ${settings.seed}`;
    return had === given ? undefined : { had, given };
  }
  const had = await photoPlaces({ ...known, data: known.data });
  const given = await photoPlaces({ ...settings, data: settings.data });
  if (had.data !== given.data) return { had: known.data, given: settings.data };
  if (had.test === null || given.test === null || had.test === given.test) return undefined;
  return { had: `${known.test ?? had.test} to predict`, given: settings.test ?? given.test };
}

/** The seed of the sample that was drawn for a run; where none was yet, that of its settings. */
async function seedOfSample(out: string, { seed }: RunSettings): Promise<number> {
  return (await drawnSample(samplePhotos(out).folder))?.seed ?? seed;
}
