import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { parseReview } from "../../../../pipeline/review/file/parse_review.ts";
import { EMPTY_REVIEW_TEXT } from "../../../../pipeline/review/file/review.ts";
import { editedReview } from "../../../../pipeline/review/edit_review.ts";
import { type Change, type Word, wordOf } from "../../../../pipeline/review/word.ts";

const WORDS = ["keep", "drop", "cat", "dog", undefined] as const;

Deno.test("editedReview() adds to a review as the run wrote it", () => {
  const text = editedReview(EMPTY_REVIEW_TEXT, [
    { id: "a.jpg", word: "keep" },
    { id: "b.jpg", word: "keep" },
    { id: "c.jpg", word: "dog" },
  ]);
  const expected = { $schema: "./review.schema.json", keep: ["a.jpg", "b.jpg"], drop: [], relabel: { "c.jpg": "dog" } };
  assertEquals(text, JSON.stringify(expected, null, 2) + "\n");
});

Deno.test("editedReview() leaves what else a hand wrote as it is laid out", () => {
  const text = `{\r\n\t"relabel" : {"x.jpg":"cat"},\r\n\t"keep": ["b.jpg",   "a.jpg"]}`;
  const more = editedReview(text, [{ id: "c.jpg", word: "keep" }, { id: "d.jpg", word: "drop" }, {
    id: "y.jpg",
    word: "dog",
  }]);
  assertStringIncludes(more, `"keep": ["b.jpg",   "a.jpg",   "c.jpg"]`);
  assertStringIncludes(more, `\r\n\t"relabel" : {"x.jpg":"cat", "y.jpg": "dog"},\r\n\t"keep"`);
  const less = editedReview(text, [{ id: "b.jpg", word: undefined }, { id: "x.jpg", word: undefined }]);
  assertEquals(less, `{\r\n\t"relabel" : {},\r\n\t"keep": ["a.jpg"]}`);
  assertEquals(editedReview(text, []), text);
});

Deno.test("editedReview() takes a photo out of every place where it is named", () => {
  assertEquals(
    editedReview(`{"keep": ["a", "b", "a"]}`, [{ id: "a", word: "drop" }]),
    `{"keep": ["b"], "drop": ["a"]}`,
  );
});

Deno.test("editedReview() writes tens of thousands of words at once, and takes them back to the same text", () => {
  const ids = Array.from({ length: 25_000 }, (_, k) => `cat.${k}.jpg`);
  const all = editedReview(EMPTY_REVIEW_TEXT, ids.map((id, k) => ({ id, word: k % 2 === 0 ? "drop" : "dog" })));
  const { review } = parseReview("review.json", all);
  assertEquals([review.drop.size, review.relabel.size], [12_500, 12_500]);
  assertEquals(all.split("\n").length, EMPTY_REVIEW_TEXT.split("\n").length + ids.length + 2);
  const back = editedReview(all, ids.map((id) => ({ id, word: undefined })));
  assertEquals(back, EMPTY_REVIEW_TEXT);
});

Deno.test("editedReview() gives a review that says the new words and, of all other photos, the same as before", () => {
  const id = fc.oneof(fc.constantFrom("a.jpg", "b.jpg", "c.jpg", "d.jpg"), fc.string({ minLength: 1 }));
  const words = fc.dictionary(id, fc.constantFrom<Word>("keep", "drop", "cat", "dog"), { noNullPrototype: true });
  const changes = fc.uniqueArray(fc.record({ id, word: fc.constantFrom(...WORDS) }), { selector: ({ id }) => id });
  const layout = fc.record({
    space: fc.constantFrom(undefined, 1, 2, 4, "\t"),
    mark: fc.constantFrom("", "\uFEFF"),
    end: fc.constantFrom("\n", "\r\n", ""),
    fields: fc.subarray(["keep", "drop", "relabel"], { minLength: 0 }),
  });
  fc.assert(
    fc.property(
      words,
      fc.uniqueArray(changes, { maxLength: 3 }),
      layout,
      (before, steps, { space, mark, end, fields }) => {
        const named = Object.entries(before).filter(([id]) => id !== "__proto__");
        const ids = (word: Word) => named.filter(([, said]) => said === word).map(([id]) => id);
        const all: Record<string, unknown> = {
          keep: ids("keep"),
          drop: ids("drop"),
          relabel: Object.fromEntries(named.filter(([, word]) => word === "cat" || word === "dog")),
        };
        const shown = Object.entries(all).filter(([field, value]) =>
          fields.includes(field) || JSON.stringify(value).length > 2
        );
        let text = mark + JSON.stringify(Object.fromEntries(shown), null, space).replaceAll("\n", end || "\n") + end;
        const expected = new Map<string, Word>(named);
        for (const step of steps) {
          const clean: readonly Change[] = step.filter(({ id }) => id !== "__proto__");
          text = editedReview(text, clean);
          for (const { id, word } of clean) {
            if (word === undefined) expected.delete(id);
            else expected.set(id, word);
          }
        }
        const { review, named: now } = parseReview("review.json", text);
        assertEquals(new Map(now.map(({ id }) => [id, wordOf(review, id)])), expected);
        assertEquals([text.startsWith(mark), text.endsWith(end)], [true, true]);
      },
    ),
  );
});
