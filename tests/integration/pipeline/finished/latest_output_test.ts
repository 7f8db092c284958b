import { assert, assertEquals, assertRejects } from "@std/assert";
import { z } from "zod";
import { LatestOutput } from "../../../../pipeline/finished/latest_output.ts";
import { DamagedFile } from "../../../../pipeline/store/damaged_file.ts";
import { MANIFEST_FILE, manifestText, OUTPUT_FILE } from "../../../../pipeline/store/manifest.ts";
import { runFolder } from "../../../../pipeline/store/run_folder.ts";
import { RunStore } from "../../../../pipeline/store/run_store.ts";
import { writtenOutputs } from "../../../../pipeline/store/stage_outputs.ts";
import { fakeManifest } from "../../../unit/pipeline/store/fake_manifest.ts";
import { inFolder } from "../in_folder.ts";

const Schema = z.object({ photos: z.number() });

/** Has a stage finish with an output, and another file beside it. */
async function finish(store: RunStore, output: unknown, beside: string): Promise<void> {
  const folder = store.folder("scan");
  await folder.write(OUTPUT_FILE, JSON.stringify(output));
  await folder.write("beside.txt", beside);
  const outputs = await writtenOutputs(folder, { keeps: () => false });
  await folder.write(MANIFEST_FILE, manifestText(fakeManifest({ stage: "scan", outputs })));
}

Deno.test("LatestOutput gives what a stage left last, by a key of all its files", () =>
  inFolder(async (root) => {
    const store = new RunStore(runFolder(root));
    const latest = new LatestOutput(store, "scan", Schema);
    assertEquals(await latest.read(), undefined);
    await finish(store, { photos: 1 }, "a");
    const first = await latest.read();
    assertEquals(first?.output, { photos: 1 });
    assert(await latest.read() === first);
    await finish(store, { photos: 1 }, "b");
    const second = await latest.read();
    assert(second?.key !== first?.key);
    await finish(store, { photos: 2 }, "b");
    assertEquals((await latest.read())?.output, { photos: 2 });
    await store.folder("scan").remove(MANIFEST_FILE);
    assertEquals(await latest.read(), undefined);
  }));

Deno.test("LatestOutput takes what an earlier version told for nothing, and what is damaged for an error", () =>
  inFolder(async (root) => {
    const store = new RunStore(runFolder(root));
    await finish(store, { pictures: 1 }, "a");
    assertEquals(await new LatestOutput(store, "scan", Schema).read(), undefined);
    await finish(store, { photos: 1 }, "a");
    await store.folder("scan").write(OUTPUT_FILE, `{"photos":9}`);
    await assertRejects(() => new LatestOutput(store, "scan", Schema).read(), DamagedFile);
  }));
