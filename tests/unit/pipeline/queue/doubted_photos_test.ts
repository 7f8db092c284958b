import { assertEquals } from "@std/assert";
import { NOT_BELIEVED } from "../../../../pipeline/outliers/outlier_scores.ts";
import { EMPTY_REVIEW } from "../../../../pipeline/review/file/review.ts";
import { doubtedPhotos } from "../../../../pipeline/queue/doubted_photos.ts";
import { alikePhotos, describedGroups } from "../../../../pipeline/queue/duplicate_groups.ts";
import { knownPhotos } from "../../../../pipeline/queue/known_photos.ts";
import type { RunValues } from "../../../../pipeline/queue/run_values.ts";
import { NO_PAUSE, SOME_VALUES } from "./some_values.ts";

async function doubted(values: RunValues) {
  const known = knownPhotos(values);
  return doubtedPhotos(values, known, describedGroups(await alikePhotos(values, NO_PAUSE), known, EMPTY_REVIEW));
}

Deno.test("each photo that deserves a look is there once, with all that speaks for it, outliers and mistakes in turn", async () => {
  const told = (await doubted(SOME_VALUES)).map(({ id, reasons, verdict, duplicates }) => ({
    id,
    reasons: reasons.map(({ kind, words }) => `${kind}: ${words}`),
    verdict,
    duplicates,
  }));
  const none = { verdict: undefined, duplicates: undefined };
  assertEquals(told, [
    {
      id: "dog.1.jpg",
      reasons: [
        `doubted label: ${NOT_BELIEVED}`,
        "mistake: the classifier says cat",
        "duplicates: shows the same as dog.2.jpg",
      ],
      verdict: "set aside",
      duplicates: 1,
    },
    { id: "cat.2.jpg", reasons: ["mistake: the classifier says dog"], ...none },
    {
      id: "cat.3.jpg",
      reasons: [
        "unlike any other: unlike any other photo (4.0 deviations)",
        "both labels: shows the same as dog.3.jpg, labelled dog",
      ],
      verdict: "set aside",
      duplicates: 0,
    },
    {
      id: "dog.3.jpg",
      reasons: ["both labels: shows the same as cat.3.jpg, labelled cat"],
      verdict: undefined,
      duplicates: 0,
    },
    { id: "dog.2.jpg", reasons: ["duplicates: shows the same as dog.1.jpg"], verdict: undefined, duplicates: 1 },
    { id: "bird.jpg", reasons: ["no label: the name says neither cat nor dog"], ...none },
  ]);
});

Deno.test("a run that has only scanned has a queue of what its names and contents tell", async () => {
  assertEquals((await doubted({ scan: SOME_VALUES.scan })).map(({ id }) => id), ["bird.jpg"]);
});

Deno.test("a photo to predict alone makes no duplicate of a labelled one", async () => {
  const { trim } = SOME_VALUES;
  const train = trim.train.map((photo) => photo.id === "dog.2.jpg" ? { ...photo, hash: trim.train[0].hash } : photo);
  const values = { scan: SOME_VALUES.scan, trim: { ...trim, train } };
  assertEquals((await doubted(values)).find(({ id }) => id === "dog.1.jpg"), undefined);
});

Deno.test("once one of a group was dropped and the stages have run, the group is no reason any more", async () => {
  const { split } = SOME_VALUES;
  const train = split.train.filter(({ id }) => id !== "dog.3.jpg");
  const found = await doubted({ ...SOME_VALUES, split: { ...split, train, dropped: ["dog.3.jpg"] } });
  assertEquals(found.some(({ reasons }) => reasons.some(({ kind }) => kind === "both labels")), false);
});
