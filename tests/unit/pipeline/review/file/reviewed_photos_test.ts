import { assertEquals } from "@std/assert";
import { EMPTY_REVIEW, wordOnLabels, wordOnOutliers } from "../../../../../pipeline/review/file/review.ts";
import { reviewedPhotos } from "../../../../../pipeline/review/file/reviewed_photos.ts";

const photo = (id: string, label: "cat" | "dog" | null) => ({ id, label, sha256: `content of ${id}` });
const NAMED = [photo("cat.1", "cat"), photo("cat.2", "cat"), photo("dog.1", "dog"), photo("IMG_1", null)];

Deno.test("reviewedPhotos() leaves out what is dropped, and counts what is relabelled under its new label", () => {
  const review = {
    keep: new Set<string>(),
    drop: new Set(["cat.1"]),
    relabel: new Map([["cat.2", "dog"], ["dog.1", "dog"], ["IMG_1", "cat"]] as const),
  };
  assertEquals(reviewedPhotos(NAMED, review), {
    photos: [{ ...photo("cat.2", "dog"), label: "dog" }, { ...photo("dog.1", "dog"), label: "dog" }, {
      ...photo("IMG_1", "cat"),
      label: "cat",
    }],
    dropped: ["cat.1"],
    relabelled: [{ id: "cat.2", named: "cat", label: "dog" }, { id: "IMG_1", named: null, label: "cat" }],
  });
});

Deno.test("reviewedPhotos() goes by names where the user has said nothing, and has no place for what none tells", () => {
  const { photos } = reviewedPhotos(NAMED, EMPTY_REVIEW);
  assertEquals(photos.map(({ id, label }) => `${id} ${label}`), ["cat.1 cat", "cat.2 cat", "dog.1 dog"]);
});

Deno.test("wordOnLabels() and wordOnOutliers() are the same for the same word, each of its own fields alone", () => {
  const review = { keep: new Set(["a", "b"]), drop: new Set(["c", "d"]), relabel: new Map([["e", "cat"]] as const) };
  const turned = { keep: new Set(["b", "a"]), drop: new Set(["d", "c"]), relabel: new Map([["e", "cat"]] as const) };
  assertEquals([wordOnLabels(turned), wordOnOutliers(turned)], [wordOnLabels(review), wordOnOutliers(review)]);
  assertEquals(wordOnLabels({ ...review, keep: new Set() }), wordOnLabels(review));
  assertEquals(wordOnOutliers({ ...review, drop: new Set() }), wordOnOutliers(review));
});
