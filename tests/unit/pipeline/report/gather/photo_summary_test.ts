import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { photoNamed } from "../../photos/drawn_photos.ts";
import { photoSummary } from "../../../../../pipeline/report/gather/photo_summary.ts";

const named = (...ids: string[]) => ids.map((id) => photoNamed(id, "cat"));
const SORTED = {
  scan: {
    train: ["a", "b", "c", "d", "e", "f"].map((id) => ({ id, sha256: id === "b" ? "of a" : `of ${id}` })),
    unreadableTrain: [{ id: "broken", reason: "truncated" }],
    unlabelled: ["bird"],
    leftOutTrain: [{ id: "b.mov", kind: "video" as const }, { id: "empty", kind: "emptyFolder" as const }],
    leftOutTest: [{ id: "a.mov", kind: "video" as const }],
  },
  filter: { dropped: [{ id: "tiny" }] },
  split: {
    train: named("a", "b", "c"),
    validation: named("d"),
    undersampled: named("e"),
    duplicates: [["a", "b"], ["c", "f"]],
    dropped: ["gone"],
    relabelled: [{ id: "c", named: "dog" as const, label: "cat" as const }],
  },
  rescan: { clean: ["a", "c"] },
};

Deno.test("photoSummary() accounts for every photo that is not used, by reason", () => {
  const { train, setAside, validation, dropped } = photoSummary(SORTED);
  assertEquals({ train, setAside, validation }, { train: 3, setAside: ["b"], validation: 1 });
  assertEquals(dropped.map(({ ids }) => ids), [["broken"], ["bird"], ["gone"], ["tiny"], ["e"]]);
  assertEquals(dropped.at(-1)?.reason, "undersampled, so that both classes train with as many");
});

Deno.test("photoSummary() tells what the user dropped and relabelled", () => {
  const { dropped, relabelled } = photoSummary(SORTED);
  assertEquals(dropped.find(({ reason }) => reason === "dropped by you")?.ids, ["gone"]);
  assertEquals(relabelled, [{ id: "c", named: "dog", label: "cat" }]);
});

Deno.test("photoSummary() tells what lies beside the photos, to learn from and to predict, by kind", () => {
  assertEquals(photoSummary(SORTED).leftOut, [
    { counted: "2 videos", ids: ["a.mov", "b.mov"] },
    { counted: "1 empty folder", ids: ["empty"] },
  ]);
});

Deno.test("photoSummary() calls duplicates exact where their content is the same", () => {
  assertEquals(photoSummary(SORTED).duplicates, [{ kind: "exact", ids: ["a", "b"] }, {
    kind: "near",
    ids: ["c", "f"],
  }]);
});

Deno.test("photoSummary() refuses duplicates that scan has not seen, which would all have one content: none", () => {
  const split = { ...SORTED.split, duplicates: [["x", "y"]] };
  assertThrows(() => photoSummary({ ...SORTED, split }), RangeError, "Cannot find a photo's content");
});

Deno.test("photoSummary() sets aside just those that train and are not clean", () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string()), fc.func(fc.boolean()), (train, isClean) => {
    const clean = train.filter((id) => isClean(id));
    const split = { ...SORTED.split, train: named(...train) };
    const { setAside } = photoSummary({ ...SORTED, split, rescan: { clean } });
    assertEquals([...setAside, ...clean].sort(), train.toSorted());
  }));
});
