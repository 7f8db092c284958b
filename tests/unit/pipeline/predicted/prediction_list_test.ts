import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { PredictionList, type PredictionQuery } from "../../../../pipeline/predicted/prediction_list.ts";

const LIST = new PredictionList([
  { id: "10.jpg", pDog: 0.9, readable: true },
  { id: "9.jpg", pDog: 0.1, readable: true },
  { id: "2.JPG", pDog: 0.5, readable: false },
  { id: "1.jpg", pDog: 0.45, readable: true },
]);
const idsBy = (query: Partial<PredictionQuery>) =>
  LIST.page({ order: "id", offset: 0, limit: 9, ...query }).items.map(({ id }) => id);

Deno.test("predictions stand in the order that is asked for", () => {
  assertEquals(idsBy({}), ["1.jpg", "2.JPG", "9.jpg", "10.jpg"]);
  assertEquals(idsBy({ order: "P(dog)", descending: true }), ["10.jpg", "2.JPG", "1.jpg", "9.jpg"]);
  assertEquals(idsBy({ order: "doubt" }), ["2.JPG", "1.jpg", "9.jpg", "10.jpg"]);
});

Deno.test("a page counts what fits; the histogram leaves the range of P(dog) out", () => {
  const page = LIST.page({ order: "id", from: 0.45, to: 0.9, search: ".jpg", offset: 1, limit: 1 });
  assertEquals([page.items.map(({ id }) => id), page.total, page.all], [["2.JPG"], 3, 4]);
  assertEquals(page.histogram.flatMap((count, bin) => count > 0 ? [bin] : []), [2, 9, 10, 18]);
  assertEquals(LIST.page({ order: "id", search: "1", offset: 0, limit: 9 }).histogram[2], 0);
});

Deno.test("pages one after another give each photo that fits once", () => {
  const predictions = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1 }),
      pDog: fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
      readable: fc.boolean(),
    }),
    { selector: ({ id }) => id },
  );
  const query = fc.record({
    order: fc.constantFrom<PredictionQuery["order"]>("P(dog)", "doubt", "id"),
    descending: fc.boolean(),
    from: fc.constantFrom(0, 0.5),
    to: fc.constantFrom(0.5, 1),
  });
  fc.assert(fc.property(predictions, query, fc.integer({ min: 1, max: 5 }), (predictions, query, limit) => {
    const list = new PredictionList(predictions);
    const { total } = list.page({ ...query, offset: 0, limit });
    const seen: string[] = [];
    for (let offset = 0; offset < total; offset += limit) {
      seen.push(...list.page({ ...query, offset, limit }).items.map(({ id }) => id));
    }
    const fitting = predictions.filter(({ pDog }) => pDog >= query.from && pDog <= query.to).map(({ id }) => id);
    assertEquals(seen.toSorted(), fitting.toSorted());
    assert(seen.length === total);
  }));
});
