import { assertEquals, assertThrows } from "@std/assert";
import { EMPTY_REVIEW } from "../../../../pipeline/review/file/review.ts";
import { alikePhotos, describedGroups, duplicatesPage, keepOne } from "../../../../pipeline/queue/duplicate_groups.ts";
import { knownPhotos } from "../../../../pipeline/queue/known_photos.ts";
import { NO_PAUSE, SOME_VALUES } from "./some_values.ts";

const groupsBy = async (review = EMPTY_REVIEW, values = SOME_VALUES) =>
  describedGroups(await alikePhotos(values, NO_PAUSE), knownPhotos(values), review);

Deno.test("groups tell whether they stand under both labels, and in both sets", async () => {
  const told = (await groupsBy()).map(({ number, members, crossLabel, trainToTest, kind }) => ({
    number,
    members: members.map(({ set, id, side }) => `${set} ${id} ${side}`),
    crossLabel,
    trainToTest,
    kind,
  }));
  assertEquals(told, [
    {
      number: 0,
      members: ["train cat.3.jpg train", "train dog.3.jpg train"],
      crossLabel: true,
      trainToTest: false,
      kind: "near",
    },
    {
      number: 1,
      members: ["test 7.jpg to predict", "train dog.1.jpg train", "train dog.2.jpg train"],
      crossLabel: false,
      trainToTest: true,
      kind: "near",
    },
  ]);
});

Deno.test("a photo to predict with the name of a labelled one is another photo, and no word is on it", async () => {
  const values = {
    ...SOME_VALUES,
    trim: {
      ...SOME_VALUES.trim,
      test: SOME_VALUES.trim.test.map((photo) => ({ ...photo, hash: SOME_VALUES.trim.train[0].hash })),
    },
  };
  const review = { ...EMPTY_REVIEW, drop: new Set(["cat.1.jpg"]) };
  const [group] = (await groupsBy(review, values)).filter(({ members }) => members.length === 4);
  assertEquals(group.members.map(({ set, id, word }) => [set, id, word]), [
    ["test", "7.jpg", undefined],
    ["test", "8.jpg", undefined],
    ["test", "cat.1.jpg", undefined],
    ["train", "cat.1.jpg", "drop"],
  ]);
});

Deno.test("before photos are trimmed, those with the same content make groups", async () => {
  const copies = SOME_VALUES.scan.train.map((photo) =>
    photo.id.endsWith(".4.jpg") ? { ...photo, sha256: "same" } : photo
  );
  const values = { scan: { ...SOME_VALUES.scan, train: copies } };
  const groups = describedGroups(await alikePhotos(values, NO_PAUSE), knownPhotos(values), EMPTY_REVIEW);
  assertEquals(
    groups.map((
      { kind, crossLabel, members },
    ) => [kind, crossLabel, ...members.map(({ id, side }) => `${id} ${side}`)]),
    [
      ["exact", true, "cat.4.jpg not divided yet", "dog.4.jpg not divided yet"],
    ],
  );
});

Deno.test("keepOne() drops the other labelled photos, and lets one stay that was dropped", async () => {
  const [, group] = await groupsBy();
  assertEquals(keepOne(group, "train", "dog.2.jpg"), [{ id: "dog.1.jpg", word: "drop" }]);
  assertEquals(keepOne(group, "test", "7.jpg"), [{ id: "dog.1.jpg", word: "drop" }, { id: "dog.2.jpg", word: "drop" }]);
  const [, again] = await groupsBy({ ...EMPTY_REVIEW, drop: new Set(["dog.2.jpg"]) });
  assertEquals(keepOne(again, "train", "dog.2.jpg"), [
    { id: "dog.1.jpg", word: "drop" },
    { id: "dog.2.jpg", word: undefined },
  ]);
  assertThrows(() => keepOne(group, "test", "dog.2.jpg"), RangeError, "expected one of");
});

Deno.test("duplicatesPage() gives some groups, and counts all", async () => {
  const groups = await groupsBy({ ...EMPTY_REVIEW, keep: new Set(["dog.1.jpg"]) });
  const counts = { all: 2, "cross-label": 1, "train-to-test": 1, undecided: 1 };
  const page = duplicatesPage(groups, { only: "train-to-test", offset: 0, limit: 5 });
  assertEquals([page.groups.map(({ number }) => number), page.total, page.counts], [[1], 1, counts]);
  assertEquals(duplicatesPage(groups, { offset: 1, limit: 5 }).groups.map(({ number }) => number), [1]);
});
