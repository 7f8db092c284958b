import { assertEquals, assertRejects } from "@std/assert";
import { STATE_FILE, tensorFile } from "../../pipeline/classifier/state_file.ts";
import { configOf, DEFAULT_SETTINGS } from "../../pipeline/settings/config.ts";
import { finetunedState } from "../../pipeline/trained/finished_run.ts";
import { stageNamed } from "../../pipeline/mod.ts";
import { MANIFEST_FILE, manifestText } from "../../pipeline/store/manifest.ts";
import { stageFolder } from "../../pipeline/store/run_folder.ts";
import { sha256 } from "../../pipeline/files/hashing.ts";
import { UserError } from "../../pipeline/files/user_error.ts";
import { tensor } from "../../model/tensor.ts";
import { inFolder } from "../integration/pipeline/in_folder.ts";
import { fakeManifest } from "../unit/pipeline/store/fake_manifest.ts";

// A run that was stopped after its weights or recipe changed predicted by the new backbones and the old head.
Deno.test("finetunedState() refuses a classifier that was made by other settings or weights, or not at all", () =>
  inFolder(async (out) => {
    const config = await configOf(DEFAULT_SETTINGS, out);
    const notAsked = () => Promise.reject(new Error("nothing but the weights is asked for"));
    const withHash = (hash: string) => ({
      weightsHash: () => Promise.resolve(hash),
      runFolder: stageFolder(out, ""),
      photos: notAsked,
      hashOf: notAsked,
    });
    const redo = `Run deno task stage finetune --out ${out} first`;
    const refusalOf = async (hash: string, of = config) =>
      (await assertRejects(() => finetunedState(of, withHash(hash)), UserError)).message;
    assertEquals(
      await refusalOf("mini's hash"),
      `Cannot use the classifier of ${out}: expected a run whose stage finetune has run, got one where it has not. ` +
        redo,
    );

    const finetune = stageNamed("finetune");
    const folder = stageFolder(out, finetune.name);
    const inputs = { scan: "00", "the weights": "mini's hash" };
    const { name: stage, version } = finetune;
    const state = tensorFile(new Map([["bias", tensor([1], Float32Array.of(2))]]));
    const outputs = [{ file: STATE_FILE, bytes: state.length, modified: 0, sha256: sha256(state) }];
    const manifest = fakeManifest({ stage, version, params: finetune.params(config), inputs, outputs });
    await folder.write(STATE_FILE, state);
    await folder.write(MANIFEST_FILE, manifestText(manifest));
    assertEquals([...(await finetunedState(config, withHash("mini's hash"))).keys()], ["bias"]);

    const stale = (why: string) =>
      `Cannot use the classifier of ${out}: expected one that is up to date, got an earlier one (${why}). ${redo}`;
    assertEquals(await refusalOf("another"), stale("the weights changed"));
    for (const recipe of ["writeup", "own-sizes", "hellinger"]) {
      const other = await configOf({ ...DEFAULT_SETTINGS, recipe }, out);
      assertEquals((await refusalOf("mini's hash", other)).includes("got an earlier one ("), true, recipe);
    }

    await folder.write(MANIFEST_FILE, manifestText({ ...manifest, version: version - 1 }));
    assertEquals(
      await refusalOf("mini's hash"),
      stale(`its code changed (version ${version - 1} before, ${version} now)`),
    );
  }));
