import { assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { MANIFEST_FILE, manifestText } from "../../../../pipeline/store/manifest.ts";
import { runFolder } from "../../../../pipeline/store/run_folder.ts";
import { RunStore } from "../../../../pipeline/store/run_store.ts";
import { fakeManifest } from "../../../unit/pipeline/store/fake_manifest.ts";
import { inFolder } from "../in_folder.ts";

Deno.test("RunStore finds what a stage wrote under its name, or where it is kept", () =>
  inFolder(async (root) => {
    const store = new RunStore(runFolder(root));
    const trial = store.keeping("transform", "evaluate/transform-224");
    assertEquals(await store.finished("transform"), undefined);
    await trial.folder("transform").write(
      MANIFEST_FILE,
      manifestText(fakeManifest({ stage: "transform", version: 7 })),
    );
    assertEquals((await trial.finished("transform"))?.manifest.version, 7);
    assertEquals(await store.finished("transform"), undefined);
    assertEquals(trial.folder("scan").root, store.folder("scan").root);
  }));

Deno.test("RunStore.finished() refuses another stage's manifest", () =>
  inFolder(async (root) => {
    const store = new RunStore(runFolder(root));
    await store.folder("trim").write(MANIFEST_FILE, manifestText(fakeManifest({ stage: "scan" })));
    await assertRejects(() => store.finished("trim"), UserError, "expected the manifest of stage trim");
  }));
