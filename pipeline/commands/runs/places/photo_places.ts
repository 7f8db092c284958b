import { findPhotoSets } from "../../../../data/source/photo_sets.ts";
import { configOf, type RunSettings } from "../../../settings/config.ts";
import { realPlace } from "./real_place.ts";

/** Where photos really are, however they were named: links followed, a zip file where its unpacked folder would be. */
export interface PhotoPlaces {
  readonly data: string;
  readonly test: string | null;
}

/** Where the labelled photos are that `--data` names: in a folder that holds `train`, those in there. */
export async function placeOfData(data: string): Promise<string> {
  const { train = data } = isZip(data) ? {} : await findPhotoSets(data).catch(() => ({ train: undefined }));
  return await placeOf(train);
}

/** The places of both sets of photos of settings that are not those of a drawn sample. */
export async function photoPlaces(settings: RunSettings & { readonly data: string }): Promise<PhotoPlaces> {
  // Of photos that are gone, their names still tell where they were.
  const { data, test } = await configOf(settings, "").catch(() => settings);
  return { data: await placeOf(data), test: test === null ? null : await placeOf(test) };
}

const isZip = (path: string) => path.toLowerCase().endsWith(".zip");

async function placeOf(path: string): Promise<string> {
  return (await realPlace(path)).replace(/\.zip$/i, "");
}
