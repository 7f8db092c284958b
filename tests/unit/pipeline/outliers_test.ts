import { assertEquals } from "@std/assert";
import { type JudgedPhoto, separateOutliers } from "../../../pipeline/outliers.ts";
import { EMPTY_REVIEW } from "../../../pipeline/review.ts";

const THRESHOLD = 1.204;

const photo = (id: string, loss: number): JudgedPhoto => ({ id, label: "cat", pDog: 1 - Math.exp(-loss), loss });

Deno.test("separateOutliers() sets aside what is over the threshold, worst first", () => {
  const { outliers, clean } = separateOutliers(
    [photo("a", 1.3), photo("b", 0.1), photo("c", 5), photo("d", 1.2)],
    THRESHOLD,
    EMPTY_REVIEW,
  );
  assertEquals(outliers.map(({ id, verdict }) => [id, verdict]), [["c", "set aside"], ["a", "set aside"]]);
  assertEquals(clean, ["b", "d"]);
});

Deno.test("separateOutliers() keeps a photo whose loss is just the threshold", () => {
  assertEquals(separateOutliers([photo("a", THRESHOLD)], THRESHOLD, EMPTY_REVIEW), { outliers: [], clean: ["a"] });
});

Deno.test("separateOutliers() sorts equal losses by id", () => {
  const { outliers } = separateOutliers([photo("b", 2), photo("a", 2)], THRESHOLD, EMPTY_REVIEW);
  assertEquals(outliers.map(({ id }) => id), ["a", "b"]);
});

Deno.test("separateOutliers() follows the review over the loss, and still lists what it says", () => {
  const { outliers, clean } = separateOutliers(
    [photo("kept", 3), photo("dropped", 0.1), photo("worst", 4), photo("other", 0.2)],
    THRESHOLD,
    { keep: ["kept"], drop: ["dropped"] },
  );
  assertEquals(outliers.map(({ id, verdict }) => [id, verdict]), [
    ["worst", "set aside"],
    ["kept", "kept by the review"],
    ["dropped", "dropped by the review"],
  ]);
  assertEquals(clean, ["kept", "other"]);
});

Deno.test("separateOutliers() lists no photo that is kept and believed anyway", () => {
  const review = { keep: ["a"], drop: [] };
  assertEquals(separateOutliers([photo("a", 0.1)], THRESHOLD, review), { outliers: [], clean: ["a"] });
});
