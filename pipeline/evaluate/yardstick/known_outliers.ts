import { parse } from "@std/csv/parse";
import { dirname, join } from "@std/path";
import { z } from "zod";
import { parseTruth } from "../../../data/sample/truth.ts";
import { readTextIfThere } from "../../files/text_file.ts";
import { UserError } from "../../files/user_error.ts";

/** Photos that people have looked at and found odd, each with what is odd about it. */
export interface KnownOutliers {
  /** The file that names them. */
  readonly source: string;
  /** By photo's id, its tier: `no_animal`, `wrong_label`, ... */
  readonly tiers: ReadonlyMap<string, string>;
}

/** The tier of photos that are labelled right though they are hard to tell: no outliers, but worth seeing. */
export const HARD_BUT_VALID = "hard_but_valid";

/** Files that are looked for beside the labelled photos and one folder up. */
const FILES = ["manifest.csv", "truth.json"];

/** What was planted in a drawn photo that makes it an outlier, and no mere nuisance such as a border. */
const PLANTED_OUTLIERS: readonly string[] = ["wrong_label", "no_animal", "both_animals"];

/** A row for each photo, as in `file,label,...,outlier_tier`; other columns are passed over. */
const ManifestRows = z.array(z.object({ file: z.string(), outlier_tier: z.string() }));

/** Whether a tier says that the photo or its label is wrong. */
export function isOutlierTier(tier: string | null | undefined): boolean {
  return tier !== null && tier !== undefined && tier !== HARD_BUT_VALID;
}

/**
 * Finds the known outliers among photos.
 * @param photos where the labelled photos are; looked at only where no file is named
 * @param file the file that the user named
 * @returns `undefined` where no file was named and none was found that names an outlier among these photos.
 * @throws UserError when the file that was named is not there, or names no outlier among these photos.
 */
export async function findKnownOutliers(
  photos: string,
  ids: readonly string[],
  file?: string,
): Promise<KnownOutliers | undefined> {
  if (file !== undefined) {
    const text = await readTextIfThere(file);
    const tiers = text === undefined ? undefined : tiersIn(file, text, ids);
    if (namesOutliers(tiers)) return { source: file, tiers };
    const got = text === undefined ? "nothing there" : tiers ? "one that names none of these photos" : "another file";
    throw new UserError(
      `Cannot use --outliers ${file}: expected a CSV file with columns file and outlier_tier, or a drawn sample's ` +
        `truth.json, got ${got}`,
    );
  }
  for (const folder of [photos, dirname(photos)]) {
    for (const name of FILES) {
      const source = join(folder, name);
      const text = await readTextIfThere(source).catch(() => undefined);
      const tiers = text === undefined ? undefined : tiersIn(source, text, ids);
      if (namesOutliers(tiers)) return { source, tiers };
    }
  }
  return undefined;
}

function namesOutliers(tiers: ReadonlyMap<string, string> | undefined): tiers is ReadonlyMap<string, string> {
  return tiers !== undefined && [...tiers.values()].some(isOutlierTier);
}

/** The tiers that a file's text gives these photos; `undefined` where it is of another kind. */
export function tiersIn(name: string, text: string, ids: readonly string[]): Map<string, string> | undefined {
  const named = name.endsWith(".json") ? plantedIn(text) : tiersInManifest(text);
  if (!named) return undefined;
  const tiers = new Map<string, string>();
  for (const id of ids) {
    const tier = named.get(id);
    if (tier) tiers.set(id, tier);
  }
  return tiers;
}

/** From the file's path below the folder of labelled photos to its tier. */
function tiersInManifest(text: string): Map<string, string> | undefined {
  try {
    const rows = ManifestRows.parse(parse(text, { skipFirstRow: true }));
    return new Map(rows.map((row) => [withoutTrain(row.file), row.outlier_tier]));
  } catch {
    return undefined;
  }
}

function plantedIn(text: string): Map<string, string> | undefined {
  try {
    const planted = parseTruth(text).photos.filter(({ set }) => set === "train").flatMap(({ file, planted }) =>
      planted && PLANTED_OUTLIERS.includes(planted) ? [[withoutTrain(file), planted] as const] : []
    );
    return new Map(planted);
  } catch {
    return undefined;
  }
}

/** The files' paths start from the folder that `train` is in; ids start from `train`. */
function withoutTrain(file: string): string {
  return file.replace(/^train\//, "");
}
