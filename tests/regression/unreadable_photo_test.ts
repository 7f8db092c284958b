import { join } from "@std/path";
import { assertEquals, assertNotEquals } from "@std/assert";
import { openPhotoSource } from "../../data/source/photo_source.ts";
import { configOf, DEFAULT_SETTINGS } from "../../pipeline/settings/config.ts";
import { ScannedPhotos } from "../../pipeline/photos/photo.ts";
import { sha256 } from "../../pipeline/files/hashing.ts";
import { scan } from "../../pipeline/stages/scan.ts";
import type { StageTools } from "../../pipeline/runner/stage.ts";
import { KnownFacts } from "../../pipeline/store/known_facts.ts";
import { runFolder, StageFolder, stageFolder } from "../../pipeline/store/run_folder.ts";
import { writePhotos } from "../end_to_end/command_line.ts";
import { type FakeTools, fakeToolsWith } from "../integration/pipeline/runner/fake_tools.ts";
import { inFolder } from "../integration/pipeline/in_folder.ts";

/** The tools of a run over a folder of photos. */
function toolsFor(photos: string): FakeTools & Pick<StageTools, "photos" | "facts" | "hashOf" | "runFolder"> {
  return fakeToolsWith(join(photos, "../run"), {
    facts: new KnownFacts(new StageFolder(runFolder(join(photos, "../run"))), "facts.jsonl"),
    runFolder: stageFolder(join(photos, "../run"), ""),
    photos: () => openPhotoSource(photos),
    hashOf: async (_name, _stamp, read) => sha256(await read()),
  });
}

// Hashing the folder's content failed on the first file that could not be opened, before scan could name it.
Deno.test("scan names a photo that cannot be opened, and goes on", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos");
    await writePhotos(photos, ["cat.1.jpg", "dog.1.jpg"]);
    await Deno.symlink(join(folder, "nowhere.jpg"), join(photos, "cat.2.jpg"));
    const config = { ...await configOf(DEFAULT_SETTINGS, join(folder, "run")), data: photos, test: null };
    const before = await scan.external(config, toolsFor(photos));
    const output = ScannedPhotos.parse((await scan.run({}, config, toolsFor(photos))).output);
    assertEquals(output.train.map(({ id }) => id), ["cat.1.jpg", "dog.1.jpg"]);
    assertEquals(output.unreadableTrain, [{ id: "cat.2.jpg", reason: "unreadable: nothing there" }]);

    await Deno.rename(join(photos, "dog.1.jpg"), join(folder, "nowhere.jpg"));
    await Deno.copyFile(join(folder, "nowhere.jpg"), join(photos, "dog.1.jpg"));
    assertNotEquals(await scan.external(config, toolsFor(photos)), before);
  }));
