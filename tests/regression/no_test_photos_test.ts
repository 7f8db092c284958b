import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openPhotoSource } from "../../data/source/photo_source.ts";
import { configOf, DEFAULT_SETTINGS } from "../../pipeline/settings/config.ts";
import { sha256 } from "../../pipeline/files/hashing.ts";
import { TrimmedPhotos } from "../../pipeline/photos/photo.ts";
import { trim } from "../../pipeline/stages/trim.ts";
import { KnownFacts } from "../../pipeline/store/known_facts.ts";
import { runFolder, StageFolder } from "../../pipeline/store/run_folder.ts";
import { writePhotos } from "../end_to_end/command_line.ts";
import { fakeToolsWith } from "../integration/pipeline/runner/fake_tools.ts";
import { inFolder } from "../integration/pipeline/in_folder.ts";

// A run without --test failed in trim, which opened the folder of test photos though there was none.
Deno.test("trim does not look for photos to predict where there are none", () =>
  inFolder(async (folder) => {
    await writePhotos(folder, ["cat.1.jpg"]);
    const bytes = await Deno.readFile(join(folder, "cat.1.jpg"));
    const size = { bytes: bytes.length, width: 80, height: 80 };
    const photo = { id: "cat.1.jpg", label: "cat", sha256: sha256(bytes), ...size };
    const scan = { train: [photo], test: [], unreadableTrain: [], unreadableTest: [], unlabelled: [] };
    const tools = fakeToolsWith(join(folder, "run"), {
      facts: new KnownFacts(new StageFolder(runFolder(join(folder, "run"))), "facts.jsonl"),
      photos: (set) => set === "train" ? openPhotoSource(folder) : Promise.reject(new Error("there are none")),
    });
    const { output } = await trim.run({ scan }, await configOf(DEFAULT_SETTINGS, folder), tools);
    assertEquals(TrimmedPhotos.parse(output).test, []);
  }));
