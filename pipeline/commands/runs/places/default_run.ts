import { basename, dirname, join, relative } from "@std/path";
import { sha256 } from "../../../files/hashing.ts";
import type { Arguments } from "../../options/options.ts";
import { settingsFrom } from "../../options/settings_from_arguments.ts";
import { placeOfData } from "./photo_places.ts";

/** Where runs stand when `--out` does not say. */
export const RUNS = "runs";

/** A folder's name that stands in a run's as it is. One with a dash could be two folders of a path. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9_.]*$/;

/** Longer names are shortened, and told apart by their hash: file systems take 255 bytes. */
const MAXIMUM_LENGTH = 80;

/** Digits of the hash that tells places of the same name apart. */
const HASH_DIGITS = 8;
const LOOKS_LIKE_HASH = new RegExp(`(^|-)[0-9a-f]{${HASH_DIGITS}}$`);

/** The run on the photos that are given, or on the sample that the seed draws, where `--out` does not name another. */
export async function defaultRun(given: Arguments): Promise<string> {
  const { data, seed } = settingsFrom(given);
  return data === null ? runOnSample(seed) : await runOnPhotos(data);
}

/** The run on some labelled photos, when `--out` does not name another: the same for the same photos. */
export async function runOnPhotos(data: string): Promise<string> {
  return join(RUNS, runName(await placeOfData(data), await Deno.realPath(".")));
}

/** The run on the sample that a seed draws, when `--out` does not name another. */
export function runOnSample(seed: number): string {
  return join(RUNS, ofSeed("sample", seed));
}

/** A name for what a seed has drawn: the default seed is not spoken of. */
export function ofSeed(name: string, seed: number): string {
  return seed === 0 ? name : `${name}-seed-${seed}`;
}

/**
 * The name of the run on the photos at a place, another one for each place: `photos-train` for `photos/train` below the
 * working folder. Where that could be read in two ways, or the photos are elsewhere, a hash of the whole path follows.
 * @param place a real path
 * @param workingFolder a real path
 */
export function runName(place: string, workingFolder: string): string {
  const parts = relative(workingFolder, place).split("/");
  const plain = parts.join("-");
  // Those of samples begin with their word.
  const isFree = parts[0].toLowerCase() !== "sample" && !LOOKS_LIKE_HASH.test(plain) && plain.length <= MAXIMUM_LENGTH;
  if (isFree && parts.every((part) => PLAIN.test(part))) return plain;
  const readable = [basename(dirname(place)), basename(place)]
    .map((name) => name.replaceAll(/[^A-Za-z0-9_.-]+/g, "_").replace(/^[_.-]+/, "").slice(0, MAXIMUM_LENGTH / 2));
  return [...readable.filter((name) => name !== ""), sha256(place).slice(0, HASH_DIGITS)].join("-");
}
