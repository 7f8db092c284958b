import { assertAlmostEquals, assertEquals } from "@std/assert";
import { knownPhotos } from "../../../../pipeline/queue/known_photos.ts";
import { SOME_VALUES } from "./some_values.ts";

Deno.test("knownPhotos() tells of every photo what the stages say of it", () => {
  const known = knownPhotos(SOME_VALUES);
  const sides = Map.groupBy(known.values(), ({ side }) => side);
  const idsOf = (side: "validation" | "undersampled" | "left out") => sides.get(side)?.map(({ id }) => id);
  assertEquals(idsOf("validation"), ["cat.2.jpg", "dog.4.jpg"]);
  assertEquals(idsOf("undersampled"), ["cat.4.jpg"]);
  assertEquals(idsOf("left out"), ["cat.small.jpg", "bird.jpg"]);
  assertEquals(known.get("dog.1.jpg"), { id: "dog.1.jpg", label: "dog", side: "train", pDog: 0.01, loss: 4.6 });
  assertAlmostEquals(known.get("cat.2.jpg")?.loss ?? NaN, -Math.log(0.2), 1e-12);
  assertEquals(known.get("bird.jpg")?.label, null);
});

Deno.test("knownPhotos() takes the label of now where stages ran for another one, and passes over photos that are gone", () => {
  const { split, predict, rescan } = SOME_VALUES;
  const relabelled = split.validation.map((photo) => ({ ...photo, label: "dog" as const }));
  const known = knownPhotos({
    ...SOME_VALUES,
    split: { ...split, validation: relabelled, train: [...split.train, { ...split.train[0], id: "gone.jpg" }] },
    predict,
    rescan: { ...rescan, outliers: [{ ...rescan.outliers[0], id: "gone.jpg" }] },
  });
  assertAlmostEquals(known.get("cat.2.jpg")?.loss ?? NaN, -Math.log(0.8), 1e-12);
  assertEquals([known.has("gone.jpg"), known.get("cat.2.jpg")?.label], [false, "dog"]);
});

Deno.test("knownPhotos() of a run that has only scanned knows names and their labels", () => {
  const known = knownPhotos({ scan: SOME_VALUES.scan });
  assertEquals(known.get("dog.4.jpg"), { id: "dog.4.jpg", label: "dog", side: "not divided yet" });
  assertEquals(known.size, 10);
});
