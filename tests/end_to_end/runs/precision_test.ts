import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { z } from "zod";
import { Predictions } from "../../../pipeline/predictions/predicted_photos.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { run, runWell } from "../command_line.ts";
import { outputOf } from "../run_files.ts";
import { runSmall } from "../small_run.ts";

const Printed = z.array(z.object({ photo: z.string(), pDog: z.number() }));

/** P(dog) of the run's photos to predict, before it is clipped. */
async function inRun(folder: string): Promise<Map<string, number>> {
  const { test } = await outputOf(join(folder, "run"), "predict", Predictions);
  return new Map(test.map(({ id, pDog }) => [id, pDog]));
}

async function assertReports(folder: string, words: string): Promise<void> {
  assertStringIncludes(await Deno.readTextFile(join(folder, "run/report/report.html")), words);
}

Deno.test("a run in 8-bit integers predicts as its submission does, goes on by itself, and leaves them when told", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    const floats = await inRun(folder);
    const reported = (words: string) => assertReports(folder, `computed in ${words}</dd>`);
    await reported("f32");
    const first = await runWell("pipeline --out run --precision int8", folder);
    assertStringIncludes(first.stderr, "precision: int8, by the ranges of 24 photos");
    const integers = await inRun(folder);
    await reported("int8, by the ranges of 24 photos");
    assert([...integers].some(([id, pDog]) => Math.abs(pDog - (floats.get(id) ?? 0)) > 1e-6), "integers round");

    // What cannot be read has a half, and predict would say so.
    const readable = [...integers].filter(([, pDog]) => pDog !== 0.5).map(([id]) => id);
    const photos = readable.slice(0, 9).map((id) => join("photos/test", id));
    const { stdout } = await runWell(`predict --run run --backend onnx --json ${photos.join(" ")}`, folder);
    for (const { photo, pDog } of Printed.parse(JSON.parse(stdout))) {
      assertAlmostEquals(pDog, integers.get(photo.replace("photos/test/", "")) ?? NaN, 1e-6, photo);
    }
    const elsewhere = await runWell(`predict --run run --backend cpu --json ${photos[0]}`, folder);
    assertStringIncludes(
      elsewhere.stderr,
      "precision: this engine's floats; the run's features were computed in 8-bit",
    );

    const again = await runWell("pipeline --out run", folder);
    assertStringIncludes(again.stderr, "precision int8, as in the last run");
    assertStringIncludes(again.stderr, "nothing to do");
    await runWell("pipeline --out run --precision f32", folder);
    assertEquals(await inRun(folder), floats);
    await reported("f32");
  }));

// Its features were made anew in floats, and a classifier that had learnt from integers was asked about those.
Deno.test("predict refuses a classifier whose run has computed other features since, until the run has gone on", () =>
  inFolder(async (folder) => {
    await runSmall(folder, { precision: "int8" });
    await runWell("evaluate --out run --precision f32 --folds 2", folder);
    for (const words of ["predict --run run photos/test/2.jpg", "export --run run"]) {
      const ended = await run(words.split(" "), folder);
      assertEquals([ended.code, ended.stdout], [1, ""], words);
      assertStringIncludes(ended.stderr, "got an earlier one (transform changed)");
    }
    await runWell("pipeline --out run", folder);
    const { stdout } = await runWell("predict --run run --backend onnx --json photos/test/2.jpg", folder);
    const [{ pDog }] = Printed.parse(JSON.parse(stdout));
    assertAlmostEquals(pDog, (await inRun(folder)).get("2.jpg") ?? NaN, 1e-6);
  }));

// They were gone once, and predict computed in floats: near the run's own, and not it.
Deno.test("predict refuses a run in integers whose ranges are gone, and pipeline measures the same again", () =>
  inFolder(async (folder) => {
    await runSmall(folder, { precision: "int8" });
    const path = join(folder, "run/transform/ranges.json");
    const ranges = await Deno.readTextFile(path);
    const integers = await inRun(folder);
    await Deno.remove(path);
    const ended = await run(["predict", "--run", "run", "photos/test/2.jpg"], folder);
    assertEquals([ended.code, ended.stdout], [1, ""]);
    assertStringIncludes(ended.stderr, "Cannot use run/transform/ranges.json: expected what stage transform wrote");
    const again = await runWell("pipeline --out run", folder);
    assertStringIncludes(again.stderr, "computed 0");
    assertEquals([await Deno.readTextFile(path), await inRun(folder)], [ranges, integers]);
    // What was only asked for does not stay when nobody asks for it: integers do not pay in small backbones.
    await runWell("pipeline --out run --precision auto", folder);
    await assertReports(folder, "computed in f32</dd>");
  }));

Deno.test("integers are refused where nothing computes in them, and the run stays as it was", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    const config = await Deno.readTextFile(join(folder, "run/config.json"));
    for (
      const [words, says] of [
        ["--precision int8 --recipe writeup", "expected a recipe that leaves the backbones as they are"],
        ["--precision int8 --backend cpu", "Name that, or --precision auto"],
        ["--precision int4", "expected one of auto, int8, f32"],
      ]
    ) {
      const ended = await run(["pipeline", "--out", "run", ...words.split(" ")], folder);
      assertEquals(ended.code, 1, words);
      assertStringIncludes(ended.stderr.replaceAll("\n", " "), says);
      assertEquals(await Deno.readTextFile(join(folder, "run/config.json")), config);
    }
    assertStringIncludes((await runWell("pipeline --out run", folder)).stderr, "nothing to do");
  }));
