import { type Label, labelOf, LABELS } from "../../data/labels.ts";
import { PhotoError } from "../../data/photo_error.ts";
import { photoFacts } from "../../data/picture/facts/photo_facts.ts";
import { PICTURE_FORMATS } from "../../data/picture/limits/picture_format.ts";
import { type LeftOut, leftOutInFull } from "../../data/source/left_out.ts";
import type { PhotoSource, SourceEntry } from "../../data/source/photo_source.ts";
import { UserError } from "../files/user_error.ts";

/** A file that is a photo by its name, and why it is none. */
export interface Unreadable {
  readonly id: string;
  readonly reason: string;
}

/**
 * Checks that there is something to learn from, by as few photos as tell it: one of each class that can be decoded.
 * @param entries what the source lists
 * @param leftOut what lies beside it
 * @throws UserError naming the class that has none, and the first photo that could not be read.
 */
export async function assertPhotosOfBoth(
  source: Pick<PhotoSource, "read">,
  entries: readonly SourceEntry[],
  leftOut: readonly LeftOut[],
  signal: AbortSignal,
): Promise<void> {
  const unreadable: Unreadable[] = [];
  const readable = async ({ id }: SourceEntry): Promise<boolean> => {
    signal.throwIfAborted();
    try {
      await photoFacts(await source.read(id));
      return true;
    } catch (thrown) {
      if (!(thrown instanceof PhotoError)) throw thrown;
      unreadable.push({ id, reason: thrown.message });
      return false;
    }
  };
  const first = async (some: readonly SourceEntry[]) => {
    for (const entry of some) if (await readable(entry)) return true;
    return false;
  };
  for (const label of LABELS) {
    if (await first(entries.filter(({ id }) => labelOf(id) === label))) continue;
    const others = entries.filter(({ id }) => labelOf(id) !== label);
    const canBeRead = await first(others) ? entries.length - unreadable.length : 0;
    throw noPhotoOf(label, canBeRead, unreadable, leftOut);
  }
}

/**
 * The error for training photos among which there is none of a class.
 * @param readable how many photos can be read
 * @param leftOut what lies beside them
 */
export function noPhotoOf(
  label: Label,
  readable: number,
  unreadable: readonly Unreadable[],
  leftOut: readonly LeftOut[],
): UserError {
  const [first] = unreadable;
  const others = unreadable.length > 1 ? ` and ${unreadable.length - 1} more` : "";
  const failed = first === undefined ? "" : `, and could not read ${first.id}${others} (${first.reason})`;
  const beside = leftOut.length === 0 ? "" : `, beside ${leftOutInFull(leftOut)}`;
  return new UserError(
    readable === 0
      ? `Cannot find photos: expected pictures (${PICTURE_FORMATS.join(", ")}) in the training folder, got none that ` +
        `can be read${failed}${beside}`
      : `Cannot learn cats from dogs: expected photos of both, got no ${label} among ${readable}${failed}. Name ` +
        `them cat.1.jpg and dog.1.jpg, or put them in folders cats/ and dogs/`,
  );
}
