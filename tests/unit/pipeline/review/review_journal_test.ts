import { assert, assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { parseReview } from "../../../../pipeline/review/file/parse_review.ts";
import { editedReview } from "../../../../pipeline/review/edit_review.ts";
import { type Decision, ReviewJournal } from "../../../../pipeline/review/review_journal.ts";
import { type Word, wordOf } from "../../../../pipeline/review/word.ts";
import { Killed, ReviewDisk } from "./review_in_memory.ts";

const wordOn = (disk: ReviewDisk, id: string) => wordOf(parseReview("review.json", disk.review ?? "{}").review, id);
const words = (disk: ReviewDisk, ...ids: readonly string[]) => ids.map((id) => wordOn(disk, id));

Deno.test("a group is decided and taken back in one go, by a later process as well", async () => {
  const disk = new ReviewDisk();
  await new ReviewJournal(disk.files()).decide([{ id: "a", word: "keep" }]);
  await new ReviewJournal(disk.files()).decide(["a", "b", "c"].map((id) => ({ id, word: "drop" })));
  assertEquals(words(disk, "a", "b", "c"), ["drop", "drop", "drop"]);
  const later = new ReviewJournal(disk.files());
  assertEquals((await later.lastDecision())?.photos.map(({ id }) => id), ["a", "b", "c"]);
  const undone = await later.undo();
  assertEquals(undone?.photos.map(({ id, after }) => [id, after]), [["a", "keep"], ["b", undefined], ["c", undefined]]);
  assertEquals(words(disk, "a", "b", "c"), ["keep", undefined, undefined]);
  assertEquals((await new ReviewJournal(disk.files()).undo())?.photos, [{ id: "a", before: "keep", after: undefined }]);
  assertEquals(await later.undo(), undefined);
  assertEquals(words(disk, "a", "b", "c"), [undefined, undefined, undefined]);
});

Deno.test("taking back leaves what another edit changed since, and says so", async () => {
  const disk = new ReviewDisk();
  const journal = new ReviewJournal(disk.files());
  await journal.decide(["a", "b"].map((id) => ({ id, word: "drop" })));
  disk.review = editedReview(disk.review, [{ id: "a", word: "dog" }]);
  const undone = await journal.undo();
  assertEquals(undone?.left, [{ id: "a", found: "dog" }]);
  assertEquals(undone?.photos.map(({ id }) => id), ["b"]);
  assertEquals(words(disk, "a", "b"), ["dog", undefined]);
  assertEquals(await journal.undo(), undefined);
});

Deno.test("a decision that changes nothing is no step to take back", async () => {
  const disk = new ReviewDisk();
  const journal = new ReviewJournal(disk.files());
  await journal.decide([{ id: "a", word: "keep" }]);
  assertEquals((await journal.decide([{ id: "a", word: "keep" }])).photos, []);
  assertEquals((await journal.undo())?.photos.map(({ id }) => id), ["a"]);
});

Deno.test("a review that cannot be followed is not written over, and nothing is noted", async () => {
  const disk = new ReviewDisk();
  disk.review = `{ "keep": ["a" }`;
  const journal = new ReviewJournal(disk.files());
  await assertRejects(() => journal.decide([{ id: "b", word: "drop" }]), UserError, "review.json, line 1");
  assertEquals([disk.review, disk.journal.length], [`{ "keep": ["a" }`, 0]);
});

Deno.test("a decision that could not be written is not done later", async () => {
  const disk = new ReviewDisk();
  const files = disk.files();
  const full = { ...files, writeReview: () => Promise.reject(new UserError("Cannot write: the disk is full")) };
  await assertRejects(() => new ReviewJournal(full).decide([{ id: "a", word: "drop" }]), UserError, "full");
  await new ReviewJournal(files).decide([{ id: "b", word: "keep" }]);
  assertEquals(words(disk, "a", "b"), [undefined, "keep"]);
});

Deno.test("an edit by hand while a decision is being written is not lost", async () => {
  const disk = new ReviewDisk();
  const files = disk.files();
  let reads = 0;
  const edited = {
    ...files,
    readReview: () => {
      if (reads++ === 1) disk.review = editedReview(disk.review, [{ id: "theirs", word: "cat" }]);
      return files.readReview();
    },
  };
  await new ReviewJournal(edited).decide([{ id: "ours", word: "drop" }]);
  assertEquals(words(disk, "theirs", "ours"), ["cat", "drop"]);
  assertEquals((await new ReviewJournal(files).undo())?.photos.map(({ id }) => id), ["ours"]);
});

Deno.test("whoever was killed has decided or has not, and a word that was changed by hand since stays", async () => {
  for (let writes = 0; writes < 3; writes++) {
    for (const share of [0, 0.5, 0.99]) {
      const disk = new ReviewDisk();
      await new ReviewJournal(disk.files()).decide([{ id: "a", word: "keep" }]);
      const killed = new ReviewJournal(disk.files(writes, share));
      await assertRejects(() => killed.decide([{ id: "a", word: "drop" }, { id: "b", word: "drop" }]), Killed);
      disk.review = editedReview(disk.review, [{ id: "c", word: "cat" }]);
      const next = new ReviewJournal(disk.files());
      await next.settle();
      const isDone = wordOn(disk, "b") === "drop";
      assertEquals(words(disk, "a", "b", "c"), isDone ? ["drop", "drop", "cat"] : ["keep", undefined, "cat"]);
      assertEquals(isDone, writes === 2);
      await next.undo();
      assertEquals(words(disk, "a", "b", "c"), isDone ? ["keep", undefined, "cat"] : [undefined, undefined, "cat"]);
    }
  }
});

Deno.test("what a killed process had noted is written by the next one", async () => {
  const disk = new ReviewDisk();
  await assertRejects(() => new ReviewJournal(disk.files(1)).decide([{ id: "a", word: "drop" }]), Killed);
  assertEquals(disk.review, undefined);
  await new ReviewJournal(disk.files()).settle();
  assertEquals(words(disk, "a"), ["drop"]);
});

Deno.test("of two writers that are killed again and again no confirmed word is lost", async () => {
  const step = fc.record({
    writer: fc.constantFrom(0, 1),
    ids: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 }),
    word: fc.constantFrom<Word | undefined>("keep", "drop", "cat", "dog", undefined),
    undo: fc.boolean(),
    // Most are not killed.
    killedAt: fc.option(fc.nat(3), { freq: 2, nil: Infinity }),
    share: fc.double({ min: 0, max: 0.99, noNaN: true }),
    together: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const disk = new ReviewDisk();
      const confirmed: Decision[] = [];
      const writers = [new ReviewJournal(disk.files()), new ReviewJournal(disk.files())];
      let underWay: Promise<void>[] = [];
      for (const { writer, ids, word, undo, killedAt, share, together } of steps) {
        if (killedAt < Infinity) writers[writer] = new ReviewJournal(disk.files(killedAt, share));
        const journal = writers[writer];
        const act = async () => {
          if (undo) await journal.undo();
          else confirmed.push(await journal.decide(ids.map((id) => ({ id, word }))));
        };
        underWay.push(
          act().catch((thrown) => {
            assert(thrown instanceof Killed);
            writers[writer] = new ReviewJournal(disk.files());
          }),
        );
        if (together) continue;
        await Promise.all(underWay);
        underWay = [];
      }
      await Promise.all(underWay);
      const last = new ReviewJournal(disk.files());
      await last.settle();
      assertFollowed(disk, confirmed);
    }),
    { numRuns: 60 },
  );
});

/** The review says what the journal says that was decided, one after another, and every confirmed decision is in it. */
function assertFollowed(disk: ReviewDisk, confirmed: readonly Decision[]): void {
  const saved = new Set<string>();
  const said = new Map<string, Word | undefined>();
  const lines = new TextDecoder().decode(disk.journal).split("\n").slice(0, -1).map((line) => JSON.parse(line));
  for (const line of lines) if (line.saved) saved.add(line.saved);
  for (const { decision, photos } of lines) {
    if (!saved.has(decision)) continue;
    for (const { id, before, after } of photos) {
      assertEquals(said.get(id), before ?? undefined);
      said.set(id, after ?? undefined);
    }
  }
  for (const { id, photos } of confirmed) assert(photos.length === 0 || saved.has(id));
  for (const [id, word] of said) assertEquals(wordOn(disk, id), word);
  const { named } = parseReview("review.json", disk.review ?? "{}");
  for (const { id } of named) assert(said.has(id));
}

Deno.test("a review is read again only when it says something else", async () => {
  const disk = new ReviewDisk();
  const journal = new ReviewJournal(disk.files());
  const [first, second] = [await journal.review(), await journal.review()];
  assertStrictEquals(first, second);
  await journal.decide([{ id: "a.jpg", word: "drop" }]);
  const decided = await journal.review();
  assertStrictEquals(await journal.review(), decided);
  disk.review = `{ "keep": ["a.jpg"] }`;
  const byHand = await journal.review();
  assertEquals([wordOf(first, "a.jpg"), wordOf(decided, "a.jpg"), wordOf(byHand, "a.jpg")], [
    undefined,
    "drop",
    "keep",
  ]);
});
