import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { EMPTY_REVIEW, type Review } from "../../../../pipeline/review/file/review.ts";
import { doubtedPhotos } from "../../../../pipeline/queue/doubted_photos.ts";
import { alikePhotos, describedGroups } from "../../../../pipeline/queue/duplicate_groups.ts";
import { knownPhotos } from "../../../../pipeline/queue/known_photos.ts";
import { REASON_KINDS } from "../../../../pipeline/queue/queue_item.ts";
import { queueNotes, queueOf, queuePage } from "../../../../pipeline/queue/review_queue.ts";
import { NO_PAUSE, SOME_VALUES } from "./some_values.ts";

const KNOWN = knownPhotos(SOME_VALUES);
const ALIKE = await alikePhotos(SOME_VALUES, NO_PAUSE);
const DOUBTED = doubtedPhotos(SOME_VALUES, KNOWN, describedGroups(ALIKE, KNOWN, EMPTY_REVIEW));
const REVIEW: Review = {
  keep: new Set(["dog.1.jpg"]),
  drop: new Set(["cat.4.jpg", "gone.jpg"]),
  relabel: new Map([["bird.jpg", "cat"]]),
};
const QUEUE = queueOf(DOUBTED, KNOWN, REVIEW);

Deno.test("queueOf() says what the user has said, and has all photos at the end that have nothing but a word", () => {
  assertEquals(QUEUE.map(({ id, state }) => `${id} ${state}`), [
    "dog.1.jpg kept",
    "cat.2.jpg undecided",
    "cat.3.jpg undecided",
    "dog.3.jpg undecided",
    "dog.2.jpg undecided",
    "bird.jpg relabelled",
    "cat.4.jpg dropped",
  ]);
  assertEquals(QUEUE.at(-1)?.reasons.map(({ kind }) => kind), ["your word"]);
});

Deno.test("queuePage() filters, pages and counts", () => {
  const page = queuePage(QUEUE, { label: "dog", offset: 1, limit: 1 });
  assertEquals(page.items.map(({ id }) => id), ["dog.3.jpg"]);
  assertEquals([page.total, page.undecided, page.all], [3, 2, 7]);
  assertEquals(page.counts.label, { dog: 3, cat: 3, none: 1 });
  assertEquals(page.counts.state, { kept: 1, undecided: 2 });
  assertEquals(queuePage(QUEUE, { search: "BIRD", offset: 0, limit: 9 }).items.map(({ id }) => id), ["bird.jpg"]);
});

Deno.test("queuePage() gives, by another value of a filter, as many photos as it counts there", () => {
  const filter = fc.record({
    label: fc.option(fc.constantFrom("cat", "dog", "none"), { nil: undefined }),
    reason: fc.option(fc.constantFrom(...REASON_KINDS), { nil: undefined }),
    side: fc.option(fc.constantFrom("train", "validation", "undersampled", "left out"), { nil: undefined }),
    state: fc.option(fc.constantFrom("undecided", "kept", "dropped", "relabelled"), { nil: undefined }),
  });
  fc.assert(fc.property(filter, fc.constantFrom(...REASON_KINDS), (filter, reason) => {
    const { counts } = queuePage(QUEUE, { ...filter, offset: 0, limit: 0 });
    const other = queuePage(QUEUE, { ...filter, reason, offset: 0, limit: 99 });
    assertEquals(other.total, counts.reason[reason] ?? 0);
    assertEquals(other.items.length, other.total);
    assertEquals(other.undecided, other.items.filter(({ state }) => state === "undecided").length);
  }));
});

Deno.test("queueNotes() says what has not run, and what would run", () => {
  assertEquals(queueNotes({ ...SOME_VALUES, rescan: undefined }, []), [
    "rescan has not run yet: whose label is doubted is not known",
  ]);
  const states = [{ stage: "split", state: "out of date", reason: "the review changed" }] as const;
  assertEquals(queueNotes(SOME_VALUES, states), [
    "split is out of date (the review changed): what it says is from before",
  ]);
  assertEquals(queueNotes(SOME_VALUES), []);
});
