import type { CacheFolder } from "../../store/cache_folder.ts";
import type { ScannedPhoto } from "../extract/scanned_photos.ts";
import { type BackboneRanges, readRanges } from "./backbone_ranges.ts";

/** Where the cache keeps ranges; a file each. */
export const RANGES_SET = "ranges";

/** Of the photos that ranges were measured on, so many have to be among those that they are taken for. */
const LEAST_SHARE = 0.5;

/** Lets other runs take ranges. */
export async function shareRanges(cache: CacheFolder, { hash, text }: BackboneRanges): Promise<void> {
  await cache.create(RANGES_SET, `${hash}.json`, text);
}

/** The ranges that are shared, of these weights and photo sizes. */
export async function readSharedRanges(cache: CacheFolder, madeFor: string): Promise<BackboneRanges[]> {
  const set = cache.set(RANGES_SET);
  const all: BackboneRanges[] = [];
  for (const file of await set.list()) {
    const ranges = await readRanges(set, file, madeFor);
    if (ranges) all.push(ranges);
  }
  return all;
}

/**
 * Of shared ranges those that most of their photos are among a run's own of, so that runs on the same photos, or on some
 * more or fewer of them, compute the same features. Of ranges that fit as well, those whose hash comes first.
 * @param labelled the run's photos that ranges may be measured on
 */
export function sharedRangesFor(
  labelled: readonly Pick<ScannedPhoto, "sha256">[],
  shared: readonly BackboneRanges[],
): BackboneRanges | undefined {
  const contents = new Set(labelled.map(({ sha256 }) => sha256));
  const fitting = shared.map((ranges) => ({
    ranges,
    share: ranges.measuredOn.filter((content) => contents.has(content)).length / ranges.measuredOn.length,
  })).filter(({ share }) => share >= LEAST_SHARE);
  return fitting.sort((a, b) => b.share - a.share || (a.ranges.hash < b.ranges.hash ? -1 : 1)).at(0)?.ranges;
}
