import type { Label } from "../../data/labels.ts";
import type { Review } from "../review/file/review.ts";
import type { StageState } from "../runner/plan/planner.ts";
import { type ReviewState, stateOf, wordOf } from "../review/word.ts";
import type { KnownPhoto, Side } from "./known_photos.ts";
import type { DoubtedPhoto, QueueItem, ReasonKind } from "./queue_item.ts";
import type { RunValues } from "./run_values.ts";

/** Which photos are asked for; what is not named fits all. */
export interface QueueFilter {
  readonly label?: Label | "none";
  readonly reason?: ReasonKind;
  readonly side?: Side;
  readonly state?: ReviewState;
  /** A part of the id, in any case. */
  readonly search?: string;
}

export interface QueueQuery extends QueueFilter {
  readonly offset: number;
  readonly limit: number;
}

/** Some of the queue. */
export interface QueuePage {
  readonly items: readonly QueueItem[];
  /** How many photos fit the filter, and of how many of them nothing is said yet. */
  readonly total: number;
  readonly undecided: number;
  /** How many photos the queue has. */
  readonly all: number;
  /** For each filter how many photos each of its values would give, beside the other filters as they are. */
  readonly counts: QueueCounts;
}

export interface QueueCounts {
  readonly label: Readonly<Record<string, number>>;
  readonly reason: Readonly<Record<string, number>>;
  readonly side: Readonly<Record<string, number>>;
  readonly state: Readonly<Record<string, number>>;
}

/**
 * The queue with the user's word on each photo. A photo that has a word and deserves no look for any other reason stands
 * at the end, so that every word can be changed.
 */
export function queueOf(
  doubted: readonly DoubtedPhoto[],
  known: ReadonlyMap<string, KnownPhoto>,
  review: Review,
): QueueItem[] {
  const withWord = (photo: DoubtedPhoto): QueueItem => {
    const word = wordOf(review, photo.id);
    return { ...photo, word, state: stateOf(word) };
  };
  const queued = new Set(doubted.map(({ id }) => id));
  const others = [...review.keep, ...review.drop, ...review.relabel.keys()].filter((id) => !queued.has(id));
  const reasons = [{ kind: "your word", words: "you have decided on it" }] as const;
  const alsoNamed = others.flatMap((id) => {
    const photo = known.get(id);
    return photo ? [{ ...photo, reasons }] : [];
  });
  return [...doubted, ...alsoNamed].map(withWord);
}

/** The values by which photos are filtered; of most a photo has one, of some several. */
const FACETS = {
  label: ({ label }: QueueItem): readonly string[] => [label ?? "none"],
  reason: ({ reasons }: QueueItem): readonly string[] => reasons.map(({ kind }) => kind),
  side: ({ side }: QueueItem): readonly string[] => [side],
  state: ({ state }: QueueItem): readonly string[] => [state],
};
type Facet = keyof typeof FACETS;
const FACET_NAMES: readonly Facet[] = ["label", "reason", "side", "state"];

/** Some of the queue, by a filter. */
export function queuePage(queue: readonly QueueItem[], { offset, limit, ...filter }: QueueQuery): QueuePage {
  const fitting = queue.filter((item) => fits(item, filter));
  return {
    items: fitting.slice(offset, offset + limit),
    total: fitting.length,
    undecided: fitting.filter(({ state }) => state === "undecided").length,
    all: queue.length,
    counts: {
      label: counted(queue, filter, "label"),
      reason: counted(queue, filter, "reason"),
      side: counted(queue, filter, "side"),
      state: counted(queue, filter, "state"),
    },
  };
}

function fits(item: QueueItem, filter: QueueFilter, except?: Facet): boolean {
  const search = filter.search?.toLowerCase() ?? "";
  if (!item.id.toLowerCase().includes(search)) return false;
  return FACET_NAMES.every((facet) => {
    const wanted = filter[facet];
    return facet === except || wanted === undefined || FACETS[facet](item).includes(wanted);
  });
}

function counted(queue: readonly QueueItem[], filter: QueueFilter, facet: Facet): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of queue) {
    if (!fits(item, filter, facet)) continue;
    for (const value of new Set(FACETS[facet](item))) counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

/** What each stage adds to the queue. */
const ADDED = {
  trim: "of photos that show the same only equal files are known",
  split: "which photos train and which validate is not settled",
  rescan: "whose label is doubted is not known",
  predict: "which validation photos are mistaken is not known",
} as const;

/**
 * What the queue may lack or say wrongly, in a sentence each: of stages that have not run, and of those that would run.
 * @param states as the planner tells them, where somebody asked it
 */
export function queueNotes(values: RunValues, states: readonly StageState[] = []): string[] {
  const names = ["trim", "split", "rescan", "predict"] as const;
  const missing = names.filter((name) => values[name] === undefined)
    .map((name) => `${name} has not run yet: ${ADDED[name]}`);
  const stale = states.filter(({ stage, state }) => state === "out of date" && names.some((name) => name === stage))
    .map(({ stage, reason }) => `${stage} is out of date (${reason}): what it says is from before`);
  return [...missing, ...stale];
}
