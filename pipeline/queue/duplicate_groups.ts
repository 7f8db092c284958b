import type { Label } from "../../data/labels.ts";
import { entryOf } from "../../data/base/entry_of.ts";
import { duplicateGroupsInTurns } from "../../data/duplicates.ts";
import { byId } from "../../data/id_order.ts";
import { type DuplicateKind, duplicateKind } from "../photos/duplicate_kind.ts";
import type { Review } from "../review/file/review.ts";
import type { PhotoSet } from "../runner/stage.ts";
import { type Change, type Word, wordOf } from "../review/word.ts";
import type { KnownPhoto, Side } from "./known_photos.ts";
import type { RunValues } from "./run_values.ts";

/** A photo of either set. */
interface PhotoOfSet {
  readonly set: PhotoSet;
  readonly id: string;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/** One of several photos that show the same. */
export interface DuplicateMember extends PhotoOfSet {
  /** Null for a photo to predict, and for one whose label nobody knows. */
  readonly label: Label | null;
  readonly side: Side | "to predict";
  readonly word: Word | undefined;
}

/** Photos that show the same. */
export interface DuplicateGroup {
  /** From 0, in the order of the groups. */
  readonly number: number;
  readonly kind: DuplicateKind;
  readonly members: readonly DuplicateMember[];
  /** Whether those that take part do so under both labels: one of them is wrong. */
  readonly crossLabel: boolean;
  /** Whether a photo to predict is among those to learn from. */
  readonly trainToTest: boolean;
  /** Whether the review says something of a member. */
  readonly isDecided: boolean;
}

/**
 * Which photos of both sets show the same: as `split` tells it, and where no photo was trimmed yet, those whose files are
 * the same. It takes a second or so for tens of thousands of photos.
 * @param pause in which others get their turn
 */
export async function alikePhotos(
  { scan, trim }: Pick<RunValues, "scan" | "trim">,
  pause: () => Promise<void>,
): Promise<PhotoOfSet[][]> {
  const photos = new Map<string, PhotoOfSet>();
  const hashes = new Map<string, string>();
  for (const set of ["train", "test"] as const) {
    for (const photo of scan[set]) photos.set(keyOf(set, photo.id), { set, ...photo });
    for (const { id, hash } of trim?.[set] ?? []) hashes.set(keyOf(set, id), hash);
  }
  const fingerprints = [...photos].flatMap(([key, { sha256 }]) => {
    const hash = hashes.get(key);
    return hash === undefined ? [] : [{ id: key, sha256, hash }];
  });
  const groups = trim ? await duplicateGroupsInTurns(fingerprints, pause) : sameFiles(photos);
  return groups.map((keys) => keys.map((key) => entryOf(photos, key, "a photo")));
}

/** The groups as a page shows them, those under both labels first, then those of both sets. */
export function describedGroups(
  groups: readonly (readonly PhotoOfSet[])[],
  known: ReadonlyMap<string, KnownPhoto>,
  review: Review,
): DuplicateGroup[] {
  const described = groups.map((photos) => {
    const members = photos.map(({ set, id, sha256, width, height, bytes }): DuplicateMember => {
      const photo = set === "train" ? known.get(id) : undefined;
      const side = photo?.side ?? "to predict";
      const word = set === "train" ? wordOf(review, id) : undefined;
      return { set, id, sha256, width, height, bytes, label: photo?.label ?? null, side, word };
    });
    return {
      kind: duplicateKind(members, ({ sha256 }) => sha256),
      members,
      crossLabel: new Set(members.flatMap(({ label, side }) => label === null || side === "left out" ? [] : [label]))
        .size > 1,
      trainToTest: new Set(members.map(({ set }) => set)).size > 1,
      isDecided: members.some(({ word }) => word !== undefined),
    };
  });
  const rank = ({ crossLabel, trainToTest }: Pick<DuplicateGroup, "crossLabel" | "trainToTest">) =>
    crossLabel ? 0 : trainToTest ? 1 : 2;
  return described.toSorted((a, b) => rank(a) - rank(b) || byId(a.members[0], b.members[0]))
    .map((group, number) => ({ number, ...group }));
}

/**
 * What to decide for one photo of a group to stay and the others to go. Photos to predict cannot be dropped.
 * @throws RangeError when the photo is not one of the group.
 */
export function keepOne({ members }: DuplicateGroup, set: PhotoSet, id: string): Change[] {
  const kept = members.find((member) => member.set === set && member.id === id);
  if (!kept) throw new RangeError(`Cannot keep ${id}: expected one of ${members.map(({ id }) => id)}, got another`);
  const others = members.filter((member) => member !== kept && member.set === "train");
  const stays: Change[] = kept.word === "drop" ? [{ id, word: undefined }] : [];
  return [...others.map(({ id }): Change => ({ id, word: "drop" })), ...stays];
}

/** Which groups, and how many of them. */
export interface DuplicatesQuery {
  readonly only?: "cross-label" | "train-to-test" | "undecided";
  readonly offset: number;
  readonly limit: number;
}

export interface DuplicatesPage {
  readonly groups: readonly DuplicateGroup[];
  /** How many fit. */
  readonly total: number;
  readonly counts: Readonly<Record<"all" | NonNullable<DuplicatesQuery["only"]>, number>>;
}

/** Some of the groups. */
export function duplicatesPage(
  groups: readonly DuplicateGroup[],
  { only, offset, limit }: DuplicatesQuery,
): DuplicatesPage {
  const fits = {
    "cross-label": ({ crossLabel }: DuplicateGroup) => crossLabel,
    "train-to-test": ({ trainToTest }: DuplicateGroup) => trainToTest,
    undecided: ({ isDecided }: DuplicateGroup) => !isDecided,
  };
  const fitting = only === undefined ? groups : groups.filter(fits[only]);
  const count = (name: keyof typeof fits) => groups.filter(fits[name]).length;
  return {
    groups: fitting.slice(offset, offset + limit),
    total: fitting.length,
    counts: {
      all: groups.length,
      "cross-label": count("cross-label"),
      "train-to-test": count("train-to-test"),
      undecided: count("undecided"),
    },
  };
}

/** Groups by content alone. */
function sameFiles(photos: ReadonlyMap<string, PhotoOfSet>): string[][] {
  const groups = Map.groupBy(photos.keys(), (key) => entryOf(photos, key, "a photo").sha256);
  return [...groups.values()].filter(({ length }) => length > 1);
}

/** Photos of both sets may have the same id. */
function keyOf(set: PhotoSet, id: string): string {
  return `${set} ${id}`;
}
