import { join } from "@std/path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { DEFAULT_SETTINGS, writeSettings } from "../../../../../pipeline/settings/config.ts";
import { runFolder, stageFolder } from "../../../../../pipeline/store/run_folder.ts";
import { CurrentKnowledge } from "../../../../../pipeline/studio/run/current_knowledge.ts";
import { photoNames, writePhotos } from "../../../../end_to_end/command_line.ts";
import { inFolder } from "../../in_folder.ts";

Deno.test("get() gives the same until it is closed, and refuses whoever asks later", () =>
  inFolder(async (folder) => {
    const [data, out] = [join(folder, "photos"), join(folder, "run")];
    await writePhotos(data, photoNames(2));
    const current = new CurrentKnowledge(out);
    assertEquals(await current.get(), undefined);
    await runFolder(out).claim();
    await writeSettings({ ...DEFAULT_SETTINGS, data }, stageFolder(out, ""));
    const [one, other] = await Promise.all([current.get(), current.get()]);
    assert(one !== undefined && one === other);

    const asked = new CurrentKnowledge(out);
    const opening = asked.get();
    await asked.close();
    const opened = await opening;
    assert(opened !== undefined);
    await assertRejects(() => opened.warm(), Error, "got one that was closed");
    await current.close();
    for (const closed of [asked, current]) await assertRejects(() => closed.get(), DOMException);
  }));
