import { join } from "@std/path";
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { z } from "zod";
import { entryOf } from "../../../data/base/entry_of.ts";
import { ENGINE_NAMES, type EngineName } from "../../../model/engines/engine.ts";
import { photosWith, readTruth, type SampleTruth } from "../../../data/sample/truth.ts";
import { clipped } from "../../../pipeline/predictions/submission.ts";
import { DEFAULT_SETTINGS } from "../../../pipeline/settings/config.ts";
import { Predictions } from "../../../pipeline/predictions/predicted_photos.ts";
import { zipFile } from "../../integration/data/source/zip_file.ts";
import { gpuIsSoftware, gpuIsThere } from "../../integration/model/engines/engines_here.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, type Ended, run, runWell } from "../command_line.ts";
import { addPhotosToPredict, BORDERED, ODD_NAME } from "./photos_to_predict.ts";
import { copyFolder, outputOf, submissionOf } from "../run_files.ts";
import { runSmall } from "../small_run.ts";

// A run by each recipe over the same photos, and each again with the photos to predict left whole.
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const RECIPES = ["linear-probe", "writeup"] as const;
const RUNS = RECIPES.flatMap((recipe) => [recipe, `${recipe}-whole`]);
let truth: SampleTruth;
let broken: string;

Deno.test.beforeAll(async () => {
  for (const recipe of RECIPES) await runSmall(folder, { out: recipe, recipe });
  await addPhotosToPredict(join(folder, "photos/test"));
  for (const recipe of RECIPES) {
    await runWell(`pipeline --out ${recipe}`, folder);
    await copyFolder(join(folder, recipe), join(folder, `${recipe}-whole`));
    await runWell(`pipeline --out ${recipe}-whole --trim-test false`, folder);
  }
  truth = await readTruth(join(folder, "photos/truth.json"));
  broken = `photos/${photosWith(truth, "not_a_picture", "test")[0].file}`;
});

const Printed = z.array(z.object({ photo: z.string(), pDog: z.number(), label: z.enum(["cat", "dog"]) }));

const printed = ({ stdout }: Ended) => Printed.parse(JSON.parse(stdout));

/** The row of a photo in the submission. */
const numberOf = (path: string) => path.replace(/^.*\/(\d+)\.\w+$/, "$1");

/** P(dog) as a run predicted it, before it was clipped, by the photo's path. */
async function predicted(out: string): Promise<Map<string, number>> {
  const { test, validation } = await outputOf(join(folder, out), "predict", Predictions);
  return new Map([
    ...test.map(({ id, pDog }): [string, number] => [`photos/test/${id}`, pDog]),
    ...validation.map(({ id, pDog }): [string, number] => [`photos/train/${id}`, pDog]),
  ]);
}

for (const out of RUNS) {
  Deno.test(`predict gives each photo to predict the P(dog) of submission.csv of the run ${out}`, async () => {
    const { rows } = await submissionOf(join(folder, out));
    const submitted = new Map(rows.map(({ id, label }) => [id, label]));
    const { clip } = DEFAULT_SETTINGS;
    const ended = await run(["predict", "photos/test", "--run", out, "--json"], folder);
    assertEquals(ended.code, 1, "one photo cannot be read");
    const expected = await predicted(out);
    const predictions = printed(ended);
    const paths = predictions.map(({ photo }) => photo);
    const listed = rows.length - 1;
    assertEquals([paths.length, new Set(paths).size, paths.includes(broken)], [listed, listed, false]);
    for (const { photo, pDog } of predictions) {
      assertAlmostEquals(pDog, entryOf(expected, photo, "a prediction of the run"), 1e-6, photo);
      if (photo.endsWith(ODD_NAME)) continue;
      const label = entryOf(submitted, numberOf(photo), "a row of the submission");
      assertAlmostEquals(clipped(pDog, clip), label, 1e-6, photo);
    }
    assertEquals(submitted.get(numberOf(broken)), 0.5, "what cannot be read is neither in the submission");
  });
}

for (const recipe of RECIPES) {
  Deno.test(`borders are cut or left as the run by the ${recipe} recipe was told, and that shows`, async () => {
    const words = ["predict", ...BORDERED.map((name) => `photos/test/${name}`), "--json", "--run"];
    const cut = printed(await run([...words, recipe], folder));
    const whole = printed(await run([...words, `${recipe}-whole`], folder));
    for (const [k, { photo, pDog }] of cut.entries()) {
      assert(Math.abs(pDog - whole[k].pDog) > 1e-4, `${photo}: ${pDog} and ${whole[k].pDog}`);
    }
  });

  Deno.test(`predict prints photos, folders and zips in the order given, by the ${recipe} recipe's run`, async () => {
    const expected = await predicted(recipe);
    const validated = [...expected.keys()].filter((path) => path.startsWith("photos/train/")).slice(0, 2);
    await inFolder(async (elsewhere) => {
      const names = ["1.jpg", "2.jpg", "901.jpg"];
      const files = await Promise.all(names.map((name) => Deno.readFile(join(folder, "photos/test", name))));
      for (const [k, name] of names.entries()) await Deno.writeFile(join(elsewhere, name), files[k]);
      const zip = join(elsewhere, "some.ZIP");
      await Deno.writeFile(zip, zipFile(names.map((name, k) => ({ name: `test/${name}`, bytes: files[k] }))));
      const twice = validated[1];
      const words = ["predict", twice, zip, ...validated, `${elsewhere}/`, twice, "--run", recipe];
      const ended = await run([...words, "--json"], folder);
      const predictions = printed(ended);
      const inOrder = names.map((name) => `photos/test/${name}`);
      const paths = [twice, ...inOrder, ...validated, ...inOrder, twice];
      const seen = predictions.map(({ photo }) => photo.replace(zip, "photos/test").replace(elsewhere, "photos/test"));
      assertEquals(seen, paths);
      for (const [k, { photo, pDog, label }] of predictions.entries()) {
        assertAlmostEquals(pDog, entryOf(expected, paths[k], "a prediction of the run"), 1e-6, photo);
        assertEquals(label, pDog > 0.5 ? "dog" : "cat");
      }
      assertMatch(
        ended.stderr,
        new RegExp(`^ +run: ${recipe}, ${recipe}, fit with(out)? the outliers, validation loss `, "m"),
      );
      const rows = predictions.map(({ photo, pDog, label }) => [photo, pDog.toFixed(6), label]);
      const csv = await run([...words, "--csv"], folder);
      assertEquals(csv.stdout.trimEnd().split(/\r?\n/), ["photo,P(dog),label", ...rows.map((row) => row.join(","))]);
      const table = await run(words, folder);
      const [heading, ...lines] = table.stdout.trimEnd().split("\n");
      assertMatch(heading, /^photo +P\(dog\) +label$/);
      assertEquals(lines.map((line) => line.trim().split(/\s+/)), rows);
    });
  });
}

Deno.test("predict names files that cannot be read in one line, fails, and prints the others all the same", async () => {
  const ended = await run(
    ["predict", "photos/test/1.jpg", broken, "gone.jpg", "photos/test/2.jpg", "--run", "linear-probe", "--json"],
    folder,
  );
  assertEquals(ended.code, 1);
  assertEquals(printed(ended).map(({ photo }) => photo), ["photos/test/1.jpg", "photos/test/2.jpg"]);
  const errors = ended.stderr.split("\n").filter((line) => line.startsWith("error: "));
  assertEquals(errors.length, 1, ended.stderr);
  assert(errors[0].startsWith(`error: Cannot predict 2 of 4 photos: ${broken}: not a picture`), errors[0]);
  assert(errors[0].endsWith("; gone.jpg: unreadable: nothing there"), errors[0]);
  const none = await run(["predict", "gone.jpg", "--run", "linear-probe"], folder);
  assertEquals([none.code, none.stdout], [1, ""], "no table where there is nothing to print in it");
});

Deno.test("Ctrl-C ends a long prediction with status 130 and one true line, and prints no part of a result", () =>
  inFolder(async (elsewhere) => {
    const photo = join(elsewhere, "0.jpg");
    await Deno.copyFile(join(folder, "photos/test/1.jpg"), photo);
    // More than any machine predicts in the 5 seconds after which progress is told.
    for (let k = 1; k < 20_000; k++) await Deno.link(photo, join(elsewhere, `${k}.jpg`));
    const process = command(["predict", elsewhere, "--run", "linear-probe", "--csv"], folder).spawn();
    const stdout = new Response(process.stdout).text();
    const hasBegun = (told: string) => /^ +predict +\d+ of 20000 photos +\S+\/s +.+ left$/m.test(told);
    let stderr = "";
    for await (const text of process.stderr.pipeThrough(new TextDecoderStream())) {
      const isFirst = !hasBegun(stderr);
      stderr += text;
      if (isFirst && hasBegun(stderr)) process.kill("SIGINT");
    }
    const { code } = await process.status;
    assertEquals([code, await stdout], [130, ""], stderr);
    assert(stderr.endsWith(" left\nStopped. No prediction was printed: the same command begins anew.\n"), stderr);
  }));

/** Photos that a backend is asked for: plain JavaScript and a software adapter take seconds for each. */
const ASKED: Record<EngineName, number> = { onnx: 24, wasm: 24, cpu: 2, webgpu: gpuIsSoftware ? 1 : 24 };

/** Why a backend is not asked here, if it is not: each network takes a software adapter half a minute. */
function whyNot(backend: EngineName, recipe: string): string | undefined {
  if (backend !== "webgpu") return undefined;
  if (!gpuIsThere) return "no graphics adapter";
  return gpuIsSoftware && recipe !== RECIPES[0] ? "a software adapter runs the first recipe alone" : undefined;
}

for (const recipe of RECIPES) {
  for (const backend of ENGINE_NAMES) {
    const why = whyNot(backend, recipe);
    Deno.test({
      name: `${backend} gives the P(dog) of the run by the ${recipe} recipe within 0.001` +
        (why ? ` (ignored: ${why})` : ""),
      ignore: why !== undefined,
      async fn() {
        const expected = await predicted(recipe);
        const paths = [...expected.keys()].filter((path) => path !== broken).slice(0, ASKED[backend]);
        assertEquals(paths.length, ASKED[backend]);
        const ended = await run(["predict", ...paths, "--run", recipe, "--backend", backend, "--json"], folder);
        assertEquals(ended.code, 0, ended.stderr);
        assert(ended.stderr.includes(`engine: ${backend}, `), ended.stderr);
        for (const { photo, pDog } of printed(ended)) {
          assertAlmostEquals(pDog, expected.get(photo) ?? Number.NaN, 1e-3, `${photo} on ${backend}`);
        }
      },
    });
  }
}

Deno.test("--backend webgpu where there is no adapter ends in one line that names another backend", async () => {
  // The graphics interface of another system, which this one cannot have.
  const env = { DENO_WEBGPU_BACKEND: Deno.build.os === "darwin" ? "dx12" : "metal" };
  const words = ["predict", "photos/test/1.jpg", "--run", "linear-probe", "--backend", "webgpu"];
  const { code, stdout, stderr } = await run(words, folder, env);
  assertEquals([code, stdout], [1, ""]);
  assertMatch(
    stderr,
    /^ +run: .*\nerror: Cannot compute on webgpu: expected a graphics adapter, got none; .*--backend onnx\n$/,
  );
});

// It looked into the folder of the labelled photos first, and a classifier that was trained was out of reach.
Deno.test("a finished run predicts and exports after its photos were moved away, and a check names them", () =>
  inFolder(async (elsewhere) => {
    await copyFolder(join(folder, "linear-probe"), join(elsewhere, "run"));
    await Deno.copyFile(join(folder, "photos/test/1.jpg"), join(elsewhere, "1.jpg"));
    const [{ pDog }] = printed(await run(["predict", "1.jpg", "--run", "run", "--json"], elsewhere));
    assertAlmostEquals(pDog, entryOf(await predicted("linear-probe"), "photos/test/1.jpg", "a prediction"), 1e-6);
    assertEquals((await run(["export", "--run", "run"], elsewhere)).code, 0);
    const checked = await run(["status", "--out", "run", "--check"], elsewhere);
    assertEquals(checked.code, 1);
    assertMatch(checked.stdout, /^cat\.1\.jpg of the train photos cannot be read$/m);
  }));
