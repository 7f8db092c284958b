import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { FILTERS, readReviewAddress, reviewPath } from "../../../../../../pipeline/studio/pages/review/review_query.ts";

const parametersOf = (path: string) => new URL(path, "http://studio").searchParams;

Deno.test("an address of the review reads back as it was written", () => {
  const address = fc.record({
    label: fc.option(fc.constantFrom(...FILTERS.label), { nil: undefined }),
    reason: fc.option(fc.constantFrom(...FILTERS.reason), { nil: undefined }),
    side: fc.option(fc.constantFrom(...FILTERS.side), { nil: undefined }),
    state: fc.option(fc.constantFrom(...FILTERS.state), { nil: undefined }),
    search: fc.option(fc.string({ minLength: 1, maxLength: 200, unit: "grapheme-ascii" }), { nil: undefined }),
    view: fc.constantFrom("one" as const, "grid" as const),
    at: fc.option(fc.nat(), { nil: undefined }),
  });
  fc.assert(fc.property(address, (given) => {
    const read = readReviewAddress(parametersOf(reviewPath(given)));
    assertEquals({ ...given, ...read }, given);
    assertEquals(Object.entries(given).filter(([name, value]) => value !== undefined && !(name in read)), []);
  }));
});

Deno.test("what an address says that nobody understands counts as not said", () => {
  const read = readReviewAddress(parametersOf("/review?label=bird&reason=&state=%00&at=-1&view=all&other=1"));
  assertEquals(Object.entries(read).filter(([, value]) => value !== undefined), [["view", "one"]]);
});
