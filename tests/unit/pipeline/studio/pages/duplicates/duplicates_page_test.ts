import { assertEquals, assertStringIncludes } from "@std/assert";
import type { DuplicatesPage } from "../../../../../../pipeline/queue/duplicate_groups.ts";
import { duplicatesPage, groupCounts } from "../../../../../../pipeline/studio/pages/duplicates/duplicates_page.ts";

const PAGE: DuplicatesPage = {
  groups: [],
  total: 0,
  counts: { all: 1234, "cross-label": 1, "train-to-test": 2, undecided: 9 },
};

Deno.test("groupCounts() counts every kind of groups, each by the id of its place on the page", () => {
  const counts = groupCounts(PAGE);
  assertEquals(Object.values(counts), ["1,234", "1", "2", "9"]);
  const { markup } = duplicatesPage(undefined, PAGE);
  for (const [id, count] of Object.entries(counts)) assertStringIncludes(markup, `<span id="${id}">${count}</span>`);
});

Deno.test("duplicatesPage() says where decisions are applied", () => {
  assertStringIncludes(duplicatesPage(undefined, PAGE).markup, 'applied on the page <a href="/review">Review</a>');
});
