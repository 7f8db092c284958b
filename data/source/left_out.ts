import { compareIds } from "../id_order.ts";
import { CONVERTIBLE_KINDS, LEFT_OUT_KINDS, LEFT_OUT_WORDS, type LeftOutKind } from "./file_kind.ts";

/** Something that lies among photos and is taken for none. */
export interface LeftOut {
  /** Its path below the folder or inside the zip file. */
  readonly id: string;
  readonly kind: LeftOutKind;
}

/** Of each kind, the names that are told. */
const NAMES_TOLD = 3;

/** A path of more letters is told shortened. */
const MAXIMUM_NAME = 60;

/** How many of these are files: folders that hold nothing are told, but are none. */
export function countFiles(leftOut: readonly LeftOut[]): number {
  return leftOut.filter(({ kind }) => kind !== "emptyFolder").length;
}

/**
 * What was left out, in a line however much it is: `3 videos (a.mov, b.mov, c.mov), 1 PDF (d.pdf)`; empty where nothing
 * was. The same things give the same line, in whatever order they were found.
 */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  return leftOutByKind(leftOut).map(({ counted, ids }) => {
    const names = ids.slice(0, NAMES_TOLD).map(shortened).join(", ") + (ids.length > NAMES_TOLD ? ", ..." : "");
    return `${counted} (${names})`;
  }).join(", ");
}

/** How many there are of each kind, in words (`3 videos`), and which: the kinds in their order, ids in natural order. */
export function leftOutByKind(leftOut: readonly LeftOut[]): { counted: string; ids: string[] }[] {
  return kindsOf(leftOut).map(([kind, ids]) => {
    return { counted: `${ids.length} ${LEFT_OUT_WORDS[kind][ids.length === 1 ? 0 : 1]}`, ids };
  });
}

/** What to do about what was left out, as a sentence after it; empty where nothing can be done. */
export function leftOutAdvice(leftOut: readonly LeftOut[]): string {
  const shown = kindsOf(leftOut).filter(([kind]) => CONVERTIBLE_KINDS.includes(kind));
  return shown.length === 0
    ? ""
    : `. To have ${shown.map(([kind]) => LEFT_OUT_WORDS[kind][1]).join(", ")} taken, save them as JPEG or PNG`;
}

/** What was left out, and what to do about it; empty where nothing was. */
export function leftOutInFull(leftOut: readonly LeftOut[]): string {
  return leftOutText(leftOut) + leftOutAdvice(leftOut);
}

/** The kinds that there are, in their order, each with what is of it in natural order. */
function kindsOf(leftOut: readonly LeftOut[]): (readonly [LeftOutKind, string[]])[] {
  const found = Map.groupBy(leftOut, ({ kind }) => kind);
  return LEFT_OUT_KINDS.filter((kind) => found.has(kind)).map((kind) => {
    return [kind, (found.get(kind) ?? []).map(({ id }) => id).sort(compareIds)];
  });
}

function shortened(path: string): string {
  return path.length <= MAXIMUM_NAME ? path : `${path.slice(0, 25)}...${path.slice(-30)}`;
}
