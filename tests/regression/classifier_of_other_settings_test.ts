import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { RECIPES } from "../../pipeline/settings/recipes.ts";
import { configOf, readSettings } from "../../pipeline/settings/config.ts";
import { MANIFEST_FILE, manifestText, OUTPUT_FILE } from "../../pipeline/store/manifest.ts";
import { sha256 } from "../../pipeline/files/hashing.ts";
import { stageFolder } from "../../pipeline/store/run_folder.ts";
import { finetunedState } from "../../pipeline/trained/finished_run.ts";
import { UserError } from "../../pipeline/files/user_error.ts";
import { manifestOf } from "../end_to_end/run_files.ts";
import { runSmall } from "../end_to_end/small_run.ts";
import { inFolder } from "../integration/pipeline/in_folder.ts";

// A run that was stopped after its weights or recipe changed predicted by the new backbones and the old head. One that
// was stopped after its photos were replaced, or of which `evaluate` had computed other features, did so as well.
Deno.test("finetunedState() refuses a classifier that was made by other settings, weights or results, or not at all", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    const out = join(folder, "run");
    const settings = await readSettings(out);
    assert(settings);
    const config = await configOf({ ...settings, data: join(folder, "photos") }, out);
    const notAsked = () => Promise.reject(new Error("nothing but the weights is asked for"));
    const withHash = (hash: string) => ({
      weightsHash: () => Promise.resolve(hash),
      runFolder: stageFolder(out, ""),
      photos: notAsked,
      hashOf: notAsked,
    });
    const made = await manifestOf(out, "finetune");
    const weights = made.inputs["the weights"];
    const refusalOf = async (of = config, hash = weights) =>
      (await assertRejects(() => finetunedState(of, withHash(hash)), UserError)).message;
    const stale = (why: string) =>
      `Cannot use the classifier of ${out}: expected one that is up to date, got an earlier one (${why}). ` +
      `Run deno task stage finetune --out ${out} first`;

    const state = await finetunedState(config, withHash(weights));
    assert(state.size > 0);
    // Any engine predicts by what another has trained.
    assertEquals(await finetunedState({ ...config, backend: "cpu" }, withHash(weights)), state);

    assertEquals(await refusalOf(config, "another"), stale("the weights changed"));
    for (const recipe of ["writeup", "own-sizes", "hellinger"]) {
      const other = { ...config, recipe, hyperparameters: RECIPES[recipe] };
      assertEquals((await refusalOf(other)).includes("got an earlier one ("), true, recipe);
    }

    const path = join(out, "finetune", MANIFEST_FILE);
    await Deno.writeTextFile(path, manifestText({ ...made, version: made.version - 1 }));
    assertEquals(
      await refusalOf(),
      stale(`its code changed (version ${made.version - 1} before, ${made.version} now)`),
    );
    await Deno.writeTextFile(path, manifestText(made));

    // One of before features were shared: what its transform left has another form, which ended in a stack trace.
    const transform = await manifestOf(out, "transform");
    const output = join(out, "transform", OUTPUT_FILE);
    const now = await Deno.readTextFile(output);
    const earlier = JSON.stringify({ made: "earlier" });
    const outputs = transform.outputs.map((stored) =>
      stored.file === OUTPUT_FILE ? { ...stored, bytes: earlier.length, sha256: sha256(earlier) } : stored
    );
    await Deno.writeTextFile(output, earlier);
    const transformManifest = join(out, "transform", MANIFEST_FILE);
    await Deno.writeTextFile(
      transformManifest,
      manifestText({ ...transform, version: transform.version - 1, outputs }),
    );
    assertEquals(await refusalOf(), stale("transform runs first"));
    await Deno.writeTextFile(output, now);
    await Deno.writeTextFile(transformManifest, manifestText(transform));

    await Deno.rename(join(out, "scan", MANIFEST_FILE), join(out, "scan", "kept"));
    assertEquals(await refusalOf(), stale("scan runs first"));
    await Deno.rename(join(out, "scan", "kept"), join(out, "scan", MANIFEST_FILE));
    await Deno.remove(path);
    assertEquals(
      await refusalOf(),
      `Cannot use the classifier of ${out}: expected a run whose stage finetune has run, got one where it has not. ` +
        `Run deno task stage finetune --out ${out} first`,
    );
  }));
