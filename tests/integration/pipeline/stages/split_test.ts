import { assert, assertEquals } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { SplitPhotos } from "../../../../pipeline/photos/photo.ts";
import { split } from "../../../../pipeline/stages/split.ts";
import { REVIEW_FILE } from "../../../../pipeline/review/file/review.ts";
import { stageFolder } from "../../../../pipeline/store/run_folder.ts";
import { fakeToolsWith } from "../runner/fake_tools.ts";
import { inFolder } from "../in_folder.ts";

/** Twenty photos of each class, no two alike, but for the contents that are given. */
function inputs(contents: Record<string, string>) {
  const ids = Array.from({ length: 20 }, (_, k) => [`cat.${k}.jpg`, `dog.${k}.jpg`]).flat();
  const random = randomFrom(0, "hashes");
  const hash = () => Array.from({ length: 64 }, () => Math.floor(random() * 16).toString(16)).join("");
  return {
    scan: {
      train: ids.map((id) => ({
        id,
        label: id.slice(0, 3),
        bytes: 1,
        sha256: contents[id] ?? id,
        width: 80,
        height: 80,
      })),
      test: [],
      unreadableTrain: [],
      unreadableTest: [],
      unlabelled: [],
    },
    trim: { train: ids.map((id) => ({ id, box: { left: 0, top: 0, width: 80, height: 80 }, hash: hash() })), test: [] },
    filter: { kept: ids, dropped: [] },
  };
}

Deno.test("split warns of a picture that stands under both labels, and keeps it on one side", () =>
  inFolder(async (folder) => {
    const tools = fakeToolsWith(folder, { runFolder: stageFolder(folder, "") });
    const config = await configOf(DEFAULT_SETTINGS, folder);
    const same = inputs({ "cat.3.jpg": "same", "dog.5.jpg": "same", "cat.7.jpg": "twice", "cat.8.jpg": "twice" });
    const { output, counts } = await split.run(same, config, tools);
    const { duplicates, ...sides } = SplitPhotos.parse(output);
    const train = sides.train.map(({ id }) => id);
    assertEquals(duplicates, [["cat.3.jpg", "dog.5.jpg"], ["cat.7.jpg", "cat.8.jpg"]]);
    assertEquals(train.includes("cat.3.jpg"), train.includes("dog.5.jpg"));
    assertEquals(tools.warnings, ["cat.3.jpg and dog.5.jpg show the same under both labels: one of them is wrong"]);
    assertEquals([counts["groups of duplicates"], counts["of them under both labels"]], [2, 1]);
  }));

/** Splits the twenty of each class by a review; by its name each photo's side and label. */
async function splitBy(
  root: string,
  review: unknown,
  { ids, contents = {} }: { ids?: (id: string) => string; contents?: Record<string, string> } = {},
) {
  const runFolder = stageFolder(`${root}/${crypto.randomUUID()}`, "");
  await runFolder.write(REVIEW_FILE, JSON.stringify(review));
  const tools = fakeToolsWith(runFolder.path("split"), { runFolder });
  const given = inputs(contents);
  const scan = {
    ...given.scan,
    train: given.scan.train.map((photo) => ({ ...photo, id: ids?.(photo.id) ?? photo.id })),
  };
  const trim = {
    ...given.trim,
    train: given.trim.train.map((photo) => ({ ...photo, id: ids?.(photo.id) ?? photo.id })),
  };
  const filter = { ...given.filter, kept: scan.train.map(({ id }) => id).filter((id) => id !== "cat.19.jpg") };
  const config = await configOf(DEFAULT_SETTINGS, root);
  const output = SplitPhotos.parse((await split.run({ scan, trim, filter }, config, tools)).output);
  const sides = new Map(
    (["train", "validation", "undersampled"] as const).flatMap((side) =>
      output[side].map(({ sha256, label }) => [sha256, `${side} ${label}`] as const)
    ),
  );
  return { output, sides, warnings: tools.warnings };
}

Deno.test("split leaves out what the review drops and counts what it relabels under the new label, on either side", () =>
  inFolder(async (folder) => {
    const before = await splitBy(folder, { keep: ["cat.0.jpg"] });
    for (const side of ["train", "validation"] as const) {
      const [{ id }] = before.output[side].filter(({ label }) => label === "cat");
      const dropped = await splitBy(folder, { drop: [id] });
      assertEquals([dropped.output.dropped, dropped.sides.has(id)], [[id], false]);
      const relabelled = await splitBy(folder, { relabel: { [id]: "dog" } });
      assertEquals(relabelled.output.relabelled, [{ id, named: "cat", label: "dog" }]);
      assertEquals(relabelled.sides.get(id)?.endsWith("dog"), true);
      for (const { output: { train }, sides } of [before, dropped, relabelled]) {
        assertEquals(train.filter(({ label }) => label === "cat").length, train.length / 2);
        const others = [...before.sides].filter(([other]) => other !== id);
        assert(others.filter(([other, place]) => sides.get(other) !== place).length <= 6, "few others move");
      }
    }
  }));

Deno.test("split warns of a photo to relabel that is left out anyway", () =>
  inFolder(async (folder) => {
    const { warnings } = await splitBy(folder, { relabel: { "cat.19.jpg": "dog", "cat.1.jpg": "dog" } });
    assertEquals(warnings, [
      `${REVIEW_FILE} relabels cat.19.jpg, which is left out all the same: it cannot be read, or is too small`,
    ]);
  }));

Deno.test("split leaves photos where they are that are called otherwise", () =>
  inFolder(async (folder) => {
    const before = await splitBy(folder, {});
    const ids = (id: string) => id === "cat.19.jpg" ? id : id.replace(/\d+/, (digits) => `${97 - Number(digits)}`);
    const after = await splitBy(folder, {}, { ids });
    assertEquals(after.sides, before.sides);
  }));

Deno.test("split warns of a photo that shows the same as one that the review drops, and stays", () =>
  inFolder(async (folder) => {
    const contents = { "cat.3.jpg": "same", "cat.5.jpg": "same", "cat.7.jpg": "twice", "cat.8.jpg": "twice" };
    const { warnings } = await splitBy(folder, { drop: ["cat.3.jpg", "cat.7.jpg", "cat.8.jpg"] }, { contents });
    assertEquals(warnings, [`${REVIEW_FILE} drops cat.3.jpg, but not cat.5.jpg, which shows the same. ${ONE_STAYS}`]);
  }));

const ONE_STAYS = "Nothing is wrong with that if one is to stay; if none is, drop the others too";

Deno.test("split tells in one line of all groups of which one photo stays", () =>
  inFolder(async (folder) => {
    const contents = { "cat.3.jpg": "same", "cat.5.jpg": "same", "cat.7.jpg": "twice", "cat.8.jpg": "twice" };
    const { warnings } = await splitBy(folder, { drop: ["cat.3.jpg", "cat.7.jpg"] }, { contents });
    assertEquals(warnings, [
      `${REVIEW_FILE} drops cat.3.jpg, but not cat.5.jpg, which shows the same, and so on in 1 more group of ` +
      `duplicates. ${ONE_STAYS}`,
    ]);
  }));
