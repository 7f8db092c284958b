import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../../../../pipeline/files/user_error.ts";
import { parseReview } from "../../../../../pipeline/review/file/parse_review.ts";
import { EMPTY_REVIEW, EMPTY_REVIEW_TEXT } from "../../../../../pipeline/review/file/review.ts";

const EXAMPLE = `{"keep":["cat.1.jpg"],"drop":["dog.2.jpg"],"relabel":{"cat.7.jpg":"dog"}}`;

Deno.test("parseReview() reads all three lists, and those of files before there was a third", () => {
  const { review } = parseReview("review.json", EXAMPLE);
  assertEquals(review, {
    keep: new Set(["cat.1.jpg"]),
    drop: new Set(["dog.2.jpg"]),
    relabel: new Map([["cat.7.jpg", "dog"] as const]),
  });
  const earlier = parseReview("review.json", '{ "keep": ["cat.1.jpg"], "drop": [] }').review;
  assertEquals(earlier, { ...EMPTY_REVIEW, keep: new Set(["cat.1.jpg"]) });
  for (const text of ["{}", EMPTY_REVIEW_TEXT, `\uFEFF${EMPTY_REVIEW_TEXT}`]) {
    assertEquals(parseReview("review.json", text).review, EMPTY_REVIEW);
  }
});

Deno.test("parseReview() tells where each photo is named", () => {
  const { named } = parseReview("r", '{\n  "drop": ["a",\n    "b"],\n  "relabel": {\n    "c": "cat" } }');
  assertEquals(named, [
    { id: "a", field: "drop[0]", line: 2 },
    { id: "b", field: "drop[1]", line: 3 },
    { id: "c", field: 'relabel["c"]', line: 5 },
  ]);
});

const WRONG: readonly [text: string, place: string, says: string][] = [
  ["", "line 1", `expected JSON like ${EXAMPLE}, got an empty file`],
  ["keep cat.0.jpg", "line 1", `expected JSON like ${EXAMPLE}, got keep cat.0.jpg`],
  ['{\n  "keep": ["a"\n', "line 3, keep", `expected JSON like ${EXAMPLE}, got the end of the file`],
  ['{\n  "keep": ["a"],\n  "drop": ["b" "c"]\n}', "line 3, drop", `expected JSON like ${EXAMPLE}, got "c"]`],
  ['{\n  "keep": []\n  "drop": []\n}', "line 3, drop", `expected JSON like ${EXAMPLE}, got "drop": []`],
  ['{ "keep": [] } // mine', "line 1", `expected JSON like ${EXAMPLE}, got // mine`],
  ["[]", "line 1", `expected an object like ${EXAMPLE}, got []`],
  ['{\n  "keep": "cat.1.jpg"\n}', "line 2, keep", 'expected a list of photos, got "cat.1.jpg"'],
  ['{\n  "drop": [\n    "a",\n    5\n  ]\n}', "line 4, drop[1]", "expected a photo's name, got 5"],
  ['{ "relabel": ["a"] }', "line 1, relabel", 'expected photos with their labels, got ["a"]'],
  ['{ "relabel": {\n  "a": "cat",\n  "b": "dgo" } }', 'line 3, relabel["b"]', 'expected "cat" or "dog", got "dgo"'],
  ['{ "relabel": { "a": "Dog" } }', 'line 1, relabel["a"]', 'expected "cat" or "dog", got "Dog"'],
  ['{\n  "dorp": [] }', "line 2, dorp", 'expected keep, drop, relabel, got "dorp". Did you mean drop?'],
  ['{ "$schema": 1 }', "line 1, $schema", "expected the schema's path, got 1"],
  [
    '{ "keep": ["a",\n"b"],\n"drop": ["c", "b"] }',
    "line 3, drop[1]",
    "expected each photo in one of keep, drop and relabel, got b in keep[1] (line 2) too",
  ],
  [
    '{ "keep": ["a"],\n"relabel": { "a": "cat" } }',
    'line 2, relabel["a"]',
    "expected each photo in one of keep, drop and relabel, got a in keep[0] (line 1) too",
  ],
  ['{ "relabel": { "__proto__": "dog" } }', 'line 1, relabel["__proto__"]', "expected another name, got __proto__"],
  ['{ "__proto__": { "drop": ["a"] } }', "line 1, __proto__", "expected another name, got __proto__"],
  ['{ "keep": ["a"],\n"keep": [] }', "line 2, keep", "expected each name once, got it a second time"],
  [
    '{ "relabel": { "a": "cat",\n"a": "dog" } }',
    'line 2, relabel["a"]',
    "expected each name once, got it a second time",
  ],
];

for (const [text, place, says] of WRONG) {
  Deno.test(`parseReview() answers ${JSON.stringify(text)} with the line and the field, in one line`, () => {
    const { message } = assertThrows(() => parseReview("runs/a/review.json", text), UserError);
    const start = `Cannot follow runs/a/review.json, ${place}: ${says}`;
    assertEquals(message.slice(0, start.length), start);
    assertEquals(message.includes("\n"), false);
  });
}
