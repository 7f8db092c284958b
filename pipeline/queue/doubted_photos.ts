import { entryOf } from "../../data/base/entry_of.ts";
import { mergeRankings } from "./merge_rankings.ts";
import { NOT_BELIEVED } from "../outliers/outlier_scores.ts";
import { predictedLabel } from "../predictions/metrics.ts";
import { surestMistakes } from "../predictions/surest_mistakes.ts";
import type { DuplicateGroup, DuplicateMember } from "./duplicate_groups.ts";
import type { KnownPhoto } from "./known_photos.ts";
import { type DoubtedPhoto, type Reason, REASON_KINDS, type ReasonKind } from "./queue_item.ts";
import type { RunValues } from "./run_values.ts";

/** Names that a reason tells of. */
const NAMES_TOLD = 3;

/**
 * All photos that deserve a look, each once: outliers, mistakes of validation and photos under both labels in turn, each
 * in its own order, the outliers in the report's; then other duplicates, and photos without a label.
 */
export function doubtedPhotos(
  { scan, rescan, predict }: RunValues,
  known: ReadonlyMap<string, KnownPhoto>,
  groups: readonly DuplicateGroup[],
): DoubtedPhoto[] {
  const found = new Reasons();
  const outliers = (rescan?.outliers ?? []).filter(({ id }) => known.has(id));
  for (const { id, reason, pDog } of outliers) {
    found.add(id, reason === NOT_BELIEVED ? "doubted label" : "unlike any other", reason);
    const { label } = entryOf(known, id, "a photo");
    if (label !== null && predictedLabel(pDog) !== label) found.add(id, "mistake", mistakeWords(pDog));
  }
  const mistakes = surestMistakes((predict?.validation ?? []).flatMap(({ id, pDog }) => {
    const label = known.get(id)?.label;
    return label ? [{ id, label, pDog }] : [];
  }));
  for (const { id, pDog } of mistakes) found.add(id, "mistake", mistakeWords(pDog));
  const members = groups.map((group) => ({ ...group, photos: takingPart(group, known) }));
  for (const { photos } of members) {
    for (const photo of photos) addDuplicates(photo, photos, found);
  }
  for (const id of scan.unlabelled) found.add(id, "no label", "the name says neither cat nor dog");

  const idsOf = (photos: readonly { readonly id: string }[]) => photos.map(({ id }) => id);
  const mixed = members.filter(({ crossLabel }) => crossLabel).flatMap(({ photos }) => idsOf(photos));
  const inTurn = mergeRankings([idsOf(outliers), idsOf(mistakes), mixed]);
  const after = [...members.flatMap(({ photos }) => idsOf(photos)), ...scan.unlabelled];
  const verdicts = new Map(outliers.map(({ id, verdict }) => [id, verdict]));
  const numbers = new Map(members.flatMap(({ number, photos }) => idsOf(photos).map((id) => [id, number])));
  return [...new Set([...inTurn, ...after])].flatMap((id) => {
    const reasons = found.of(id);
    if (reasons.length === 0) return [];
    const photo = entryOf(known, id, "a photo");
    return [{ ...photo, reasons, verdict: verdicts.get(id), duplicates: numbers.get(id) }];
  });
}

/** What was found to speak for a look at photos. */
class Reasons {
  readonly #reasons = new Map<string, Reason[]>();

  add(id: string, kind: ReasonKind, words: string): void {
    this.#reasons.set(id, [...this.#reasons.get(id) ?? [], { kind, words }]);
  }

  of(id: string): Reason[] {
    const place = ({ kind }: Reason) => REASON_KINDS.indexOf(kind);
    return (this.#reasons.get(id) ?? []).toSorted((a, b) => place(a) - place(b));
  }
}

/** The photos to learn from that take part; one alone is no duplicate. */
function takingPart({ members }: DuplicateGroup, known: ReadonlyMap<string, KnownPhoto>): DuplicateMember[] {
  const photos = members.filter(({ set, id, side }) => set === "train" && known.has(id) && side !== "left out");
  return photos.length > 1 ? photos : [];
}

function addDuplicates(photo: DuplicateMember, photos: readonly DuplicateMember[], found: Reasons): void {
  const others = photos.filter((other) => other !== photo);
  const contrary = others.filter(({ label }) => label !== photo.label);
  const same = others.filter(({ label }) => label === photo.label);
  if (contrary.length > 0) {
    const labels = [...new Set(contrary.map(({ label }) => label ?? "neither"))].join(" and ");
    found.add(photo.id, "both labels", `shows the same as ${namesOf(contrary)}, labelled ${labels}`);
  }
  if (same.length > 0) found.add(photo.id, "duplicates", `shows the same as ${namesOf(same)}`);
}

function mistakeWords(pDog: number): string {
  return `the classifier says ${predictedLabel(pDog)}`;
}

function namesOf(photos: readonly { readonly id: string }[]): string {
  const more = photos.length - NAMES_TOLD;
  const names = photos.slice(0, NAMES_TOLD).map(({ id }) => id);
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(" and ");
}
