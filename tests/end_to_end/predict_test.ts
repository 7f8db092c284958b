import { join } from "@std/path";
import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { z } from "zod";
import { ENGINE_NAMES, type EngineName } from "../../model/engines/engine.ts";
import { photosWith, readTruth, type SampleTruth } from "../../data/sample/truth.ts";
import { Predictions } from "../../pipeline/predictions/predicted_photos.ts";
import { gpuIsSoftware, gpuIsThere } from "../integration/model/engines/engines_here.ts";
import { inFolder } from "../integration/pipeline/in_folder.ts";
import { type Ended, run, runWell } from "./command_line.ts";
import { outputOf } from "./run_files.ts";
import { drawSmall, overSmall } from "./small_run.ts";

// A run by each recipe over the same photos.
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const RECIPES = ["linear-probe", "writeup"] as const;
let truth: SampleTruth;
let broken: string;

Deno.test.beforeAll(async () => {
  await drawSmall(folder);
  for (const recipe of RECIPES) await runWell(`${overSmall("pipeline", recipe)} --recipe ${recipe}`, folder);
  truth = await readTruth(join(folder, "photos/truth.json"));
  broken = `photos/${photosWith(truth, "not_a_picture", "test")[0].file}`;
});

const Printed = z.array(z.object({ photo: z.string(), pDog: z.number(), label: z.enum(["cat", "dog"]) }));

const printed = ({ stdout }: Ended) => Printed.parse(JSON.parse(stdout));

/** P(dog) as a run predicted it, by the photo's path. */
async function predicted(recipe: string): Promise<Map<string, number>> {
  const { test, validation } = await outputOf(join(folder, recipe), "predict", Predictions);
  return new Map([
    ...test.map(({ id, pDog }): [string, number] => [`photos/test/${id}`, pDog]),
    ...validation.map(({ id, pDog }): [string, number] => [`photos/train/${id}`, pDog]),
  ]);
}

for (const recipe of RECIPES) {
  Deno.test(`predict says of photos and folders what the run by the ${recipe} recipe said of them`, async () => {
    const expected = await predicted(recipe);
    const [bordered] = photosWith(truth, "white_border", "test").map(({ file }) => `photos/${file}`);
    const validated = [...expected.keys()].filter((path) => path.startsWith("photos/train/")).slice(0, 2);
    await inFolder(async (elsewhere) => {
      for (const number of [1, 2, 3]) {
        await Deno.copyFile(join(folder, `photos/test/${number}.jpg`), join(elsewhere, `${number}.jpg`));
      }
      const words = ["predict", bordered, ...validated, `${elsewhere}/`, "--run", recipe];
      const predictions = printed(await run([...words, "--json"], folder));
      const paths = [bordered, ...validated, ...[1, 2, 3].map((number) => `photos/test/${number}.jpg`)];
      assertEquals(predictions.map(({ photo }) => photo.replace(elsewhere, "photos/test")), paths);
      for (const [k, { photo, pDog, label }] of predictions.entries()) {
        assertAlmostEquals(pDog, expected.get(paths[k]) ?? Number.NaN, 1e-5, photo);
        assertEquals(label, pDog > 0.5 ? "dog" : "cat");
      }
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

Deno.test("predict names a file that cannot be read in one line, fails, and prints the others all the same", async () => {
  const ended = await run(
    ["predict", "photos/test/1.jpg", broken, "photos/test/2.jpg", "--run", "linear-probe", "--json"],
    folder,
  );
  assertEquals(ended.code, 1);
  assertEquals(printed(ended).map(({ photo }) => photo), ["photos/test/1.jpg", "photos/test/2.jpg"]);
  const errors = ended.stderr.split("\n").filter((line) => line.startsWith("error: "));
  assertEquals(errors.length, 1, ended.stderr);
  assert(errors[0].startsWith(`error: Cannot predict 1 of 3 photos: ${broken}: not a picture`), errors[0]);
});

/** Photos that a backend is asked for: plain JavaScript and a software adapter take seconds for each. */
const ASKED: Record<EngineName, number> = { onnx: 24, wasm: 24, cpu: 2, webgpu: gpuIsSoftware ? 1 : 24 };

for (const recipe of RECIPES) {
  for (const backend of ENGINE_NAMES) {
    const missing = backend === "webgpu" && !gpuIsThere;
    Deno.test({
      name: `${backend} gives the P(dog) of the run by the ${recipe} recipe within 0.001` +
        (missing ? " (ignored: no graphics adapter)" : ""),
      ignore: missing,
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
  assertMatch(stderr, /^error: Cannot compute on webgpu: expected a graphics adapter, got none; .*--backend onnx\n$/);
});
