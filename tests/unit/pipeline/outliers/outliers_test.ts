import { assertEquals } from "@std/assert";
import { type ScoredPhoto, separateOutliers } from "../../../../pipeline/outliers/outliers.ts";
import { EMPTY_REVIEW } from "../../../../pipeline/review/file/review.ts";

/** A cat among enough ordinary ones that its class has room for being set aside. */
const photo = (id: string, score: number): ScoredPhoto => ({
  id,
  label: "cat",
  pDog: 0.5,
  loss: 0.7,
  place: 0,
  score,
  reason: `${score} times its threshold`,
});
const ordinary = Array.from({ length: 40 }, (_, k) => photo(`ordinary ${k + 10}`, 0.01));
/** Photos with their places by score, as a judge gives them. */
const judged = (photos: readonly ScoredPhoto[]): ScoredPhoto[] => {
  const rank = ({ score }: ScoredPhoto) => (Number.isNaN(score) ? Infinity : score);
  const order = photos.toSorted((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1));
  return photos.map((photo) => ({ ...photo, place: order.indexOf(photo) }));
};
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);

Deno.test("separateOutliers() sets aside what is over its threshold, worst first, with the reason", () => {
  const doubted = [photo("a", 1.3), photo("b", 0.1), photo("c", 5), photo("d", 0.9)];
  const { outliers, clean } = separateOutliers(judged([...doubted, ...ordinary]), EMPTY_REVIEW);
  assertEquals(outliers.map(({ id, verdict, reason }) => [id, verdict, reason]), [
    ["c", "set aside", "5 times its threshold"],
    ["a", "set aside", "1.3 times its threshold"],
  ]);
  assertEquals(clean, ["b", "d", ...ids(ordinary)]);
});

Deno.test("separateOutliers() keeps a photo that is just at its threshold", () => {
  assertEquals(separateOutliers(judged([photo("a", 1)]), EMPTY_REVIEW), { outliers: [], clean: ["a"] });
});

Deno.test("separateOutliers() lists outliers by their places, whatever their scores", () => {
  const photos = [{ ...photo("b", 2), place: 0 }, { ...photo("a", 5), place: 1 }];
  const { outliers } = separateOutliers([...photos, ...ordinary.map((o) => ({ ...o, place: 9 }))], EMPTY_REVIEW);
  assertEquals(ids(outliers), ["b", "a"]);
});

Deno.test("separateOutliers() takes a score that is not a number for the worst", () => {
  const { outliers, clean } = separateOutliers(judged([photo("a", 9), photo("b", NaN), ...ordinary]), EMPTY_REVIEW);
  assertEquals(ids(outliers), ["b", "a"]);
  assertEquals(clean, ids(ordinary));
});

Deno.test("separateOutliers() follows the review over the reason, and still lists what it says", () => {
  const { outliers, clean } = separateOutliers(
    judged([photo("kept", 3), photo("labelled", 2), photo("worst", 4), photo("other", 0.2), ...ordinary]),
    { keep: new Set(["kept"]), relabel: new Map([["labelled", "cat"]]) },
  );
  assertEquals(outliers.map(({ id, verdict, reason }) => [id, verdict, reason]), [
    ["worst", "set aside", "4 times its threshold"],
    ["kept", "kept by the review", "3 times its threshold"],
    ["labelled", "kept by the review", "2 times its threshold"],
  ]);
  assertEquals(clean, ["kept", "labelled", "other", ...ids(ordinary)]);
});

Deno.test("separateOutliers() lists no photo that is kept and not doubted anyway", () => {
  assertEquals(separateOutliers(judged([photo("a", 0.1)]), { ...EMPTY_REVIEW, keep: new Set(["a"]) }), {
    outliers: [],
    clean: ["a"],
  });
});

Deno.test("separateOutliers() sets aside no more than a quarter of a class, the worst of it", () => {
  const cats = Array.from({ length: 10 }, (_, k) => photo(`cat ${k}`, 10 - k));
  const dogs = Array.from({ length: 8 }, (_, k): ScoredPhoto => ({ ...photo(`dog ${k}`, 2), label: "dog" }));
  const { outliers, clean } = separateOutliers(judged([...cats, ...dogs]), EMPTY_REVIEW);
  const setAside = outliers.filter(({ verdict }) => verdict === "set aside");
  assertEquals(ids(setAside), ["cat 0", "cat 1", "dog 0", "dog 1"]);
  assertEquals(clean.length, 14);
  assertEquals(outliers.filter(({ verdict }) => verdict === "kept for its class").length, 7 + 6);
});
