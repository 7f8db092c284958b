import { assertEquals, assertRejects } from "@std/assert";
import { tensorFile } from "../../pipeline/classifier/checkpoint.ts";
import { finetunedState } from "../../pipeline/commands/trained_classifier.ts";
import { configOf, DEFAULT_SETTINGS } from "../../pipeline/settings/config.ts";
import { finetune } from "../../pipeline/stages/finetune.ts";
import { FITTED_STATE } from "../../pipeline/classifier/fit.ts";
import { MANIFEST_FILE, manifestText } from "../../pipeline/runner/manifest.ts";
import { stageFolder } from "../../pipeline/runner/run_folder.ts";
import { UserError } from "../../pipeline/files/user_error.ts";
import { tensor } from "../../model/tensor.ts";
import { inFolder } from "../integration/pipeline/in_folder.ts";
import { fakeManifest } from "../unit/pipeline/runner/fake_manifest.ts";

// A run that was stopped after its weights or recipe changed predicted by the new backbones and the old head.
Deno.test("finetunedState() refuses a classifier that was made by other settings or weights", () =>
  inFolder(async (out) => {
    const config = await configOf(DEFAULT_SETTINGS, out);
    const folder = stageFolder(out, finetune.name);
    const inputs = { scan: "00", "the weights": "mini's hash" };
    const { name: stage, version } = finetune;
    const manifest = fakeManifest({ stage, version, params: finetune.params(config), inputs });
    await folder.write(MANIFEST_FILE, manifestText(manifest));
    await folder.write(FITTED_STATE, tensorFile(new Map([["bias", tensor([1], Float32Array.of(2))]])));

    const withHash = (hash: string) => ({ weightsHash: () => Promise.resolve(hash) });
    assertEquals([...(await finetunedState(config, withHash("mini's hash"))).keys()], ["bias"]);
    await assertRejects(
      () => finetunedState(config, withHash("another")),
      UserError,
      `Cannot use the classifier of ${out}: expected one that is up to date, got an earlier one (the weights changed)`,
    );
    for (const recipe of ["seed", "own-sizes", "square-roots"]) {
      const other = await configOf({ ...DEFAULT_SETTINGS, recipe }, out);
      await assertRejects(() => finetunedState(other, withHash("mini's hash")), UserError, "got an earlier one (");
    }
  }));
