import { assertEquals } from "@std/assert";
import { randomFrom } from "../../../../data/random.ts";
import { configOf, DEFAULT_SETTINGS } from "../../../../pipeline/settings/config.ts";
import { SplitPhotos } from "../../../../pipeline/photos/photo.ts";
import { split } from "../../../../pipeline/stages/split.ts";
import { fakeTools } from "../runner/fake_tools.ts";
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
    const tools = fakeTools(folder);
    const config = await configOf(DEFAULT_SETTINGS, folder);
    const same = inputs({ "cat.3.jpg": "same", "dog.5.jpg": "same", "cat.7.jpg": "twice", "cat.8.jpg": "twice" });
    const { output, counts } = await split.run(same, config, tools);
    const { train, duplicates } = SplitPhotos.parse(output);
    assertEquals(duplicates, [["cat.3.jpg", "dog.5.jpg"], ["cat.7.jpg", "cat.8.jpg"]]);
    assertEquals(train.includes("cat.3.jpg"), train.includes("dog.5.jpg"));
    assertEquals(tools.warnings, ["cat.3.jpg and dog.5.jpg show the same under both labels: one of them is wrong"]);
    assertEquals([counts["groups of duplicates"], counts["of them under both labels"]], [2, 1]);
  }));
