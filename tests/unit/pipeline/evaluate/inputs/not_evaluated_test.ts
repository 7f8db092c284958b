import { assertEquals } from "@std/assert";
import { notEvaluated } from "../../../../../pipeline/evaluate/inputs/not_evaluated.ts";

const ALL_EVALUATED = {
  scan: { unreadableTrain: [], unlabelled: [], leftOutTrain: [] },
  filter: { dropped: [] },
  split: { dropped: [] },
};

Deno.test("notEvaluated() tells nothing where all files are photos that are evaluated", () => {
  assertEquals(notEvaluated(ALL_EVALUATED), []);
});

Deno.test("notEvaluated() counts photos by reason, and names what lies beside them by kind", () => {
  const scan = {
    unreadableTrain: [{ id: "cat.1.jpg", reason: "truncated" }, { id: "cat.2.jpg", reason: "empty" }],
    unlabelled: ["bird.jpg"],
    leftOutTrain: [{ id: "a.mov", kind: "video" as const }, { id: "b.mov", kind: "video" as const }],
  };
  const filter = { dropped: [{ id: "cat.3.jpg", pixels: 9, reason: "small" }] };
  assertEquals(notEvaluated({ scan, filter, split: { dropped: ["dog.1.jpg"] } }), [
    "not evaluated: 1 dropped by you, 1 too small, 2 unreadable, 1 without a label",
    "left out beside the training photos: 2 videos (a.mov, b.mov)",
  ]);
  assertEquals(notEvaluated({ ...ALL_EVALUATED, scan: { ...ALL_EVALUATED.scan, unlabelled: ["a", "b"] } }), [
    "not evaluated: 2 without a label",
  ]);
});
