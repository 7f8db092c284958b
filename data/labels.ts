/** The classes. */
export const LABELS = ["cat", "dog"] as const;

/** What a photo shows. */
export type Label = (typeof LABELS)[number];

const FILE_NAME = /^(cat|dog)\./i;
const FOLDER_NAME = /^(cat|dog)s?$/i;
const NUMBERED_FILE_NAME = /^(\d+)\.[^.]+$/;

/** The class that a folder's name stands for: `cat`, `cats`, `dog` or `dogs`, in any case. */
export function labelOfFolder(name: string): Label | undefined {
  return toLabel(FOLDER_NAME.exec(name));
}

/**
 * The label that a photo's id (its path, parts separated by `/`) gives away: by its file name as Kaggle names them
 * (`cat.123.jpg`), else by the nearest folder that is named after a class (`Dogs/rex.jpg`). The file name goes first
 * because it was given to this one photo.
 */
export function labelOf(id: string): Label | undefined {
  const folders = id.split("/");
  const fromName = toLabel(FILE_NAME.exec(folders.pop() ?? ""));
  if (fromName !== undefined) return fromName;
  const nearest = folders.findLast((folder) => FOLDER_NAME.test(folder));
  return nearest === undefined ? undefined : labelOfFolder(nearest);
}

/** The number that names a test photo (`test/123.jpg` is 123); undefined for any other file name. */
export function numericId(id: string): number | undefined {
  const match = NUMBERED_FILE_NAME.exec(id.slice(id.lastIndexOf("/") + 1));
  const number = match === null ? Number.NaN : Number(match[1]);
  return Number.isSafeInteger(number) ? number : undefined;
}

function toLabel(match: RegExpExecArray | null): Label | undefined {
  const name = match?.[1].toLowerCase();
  return name === "cat" || name === "dog" ? name : undefined;
}
