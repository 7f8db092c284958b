import { join } from "@std/path";
import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { drawSample } from "../../../data/sample/sample_pets.ts";
import { Evaluation } from "../../../pipeline/evaluate/results/evaluation.ts";
import { FeatureIndex } from "../../../pipeline/features/store/feature_store.ts";
import { runsBeside } from "../../../pipeline/studio/side_by_side/runs_beside.ts";
import { makeFifo } from "../../integration/data/files/awkward_files.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { run } from "../command_line.ts";
import { shardsOf } from "../run_files.ts";

const EVALUATE = "evaluate --data photos --out run --weights mini --backend onnx";

async function evaluated(folder: string, words: string, folds = 3): Promise<{ stdout: string; stderr: string }> {
  const ended = await run(`${EVALUATE} --folds ${folds} ${words}`.trim().split(" "), folder);
  assertEquals(ended.code, 0, ended.stderr);
  return ended;
}

/** Where an evaluation is kept. */
function fileOf(folder: string, name: string, folds = 3, seed = 0): string {
  return join(folder, "run/evaluate", `${name}-${folds}-folds-seed-${seed}.json`);
}

async function resultOf(folder: string, name: string): Promise<Evaluation> {
  return Evaluation.parse(JSON.parse(await Deno.readTextFile(fileOf(folder, name))));
}

Deno.test("deno task evaluate judges recipes by cross-validation, and finds the outliers that the sample names", () =>
  inFolder(async (folder) => {
    await drawSample(join(folder, "photos"), { seed: 0, train: 80, test: 10 });
    const first = await evaluated(folder, "--recipe linear-probe,seed --epochs 1");
    for (
      const line of ["Without the outliers that truth.json names", "in-sample loss", "out-of-fold loss", "the worst of"]
    ) {
      assertStringIncludes(first.stdout, line);
    }
    assertStringIncludes(first.stderr, "note: the recipe seed is called writeup now\n");
    const probe = await resultOf(folder, "linear-probe");
    const network = await resultOf(folder, "writeup-1-epochs");
    for (const { all, outliers, predictions } of [probe, network]) {
      assertEquals(predictions.length, all.photos);
      assertEquals(new Set(predictions.map(({ fold }) => fold)), new Set([0, 1, 2]));
      const known = predictions.filter(({ tier }) => tier !== null).length;
      assert(outliers !== null && outliers.known === known && known > 0);
      assertEquals(outliers.without.photos, all.photos - known);
      for (const { found } of outliers.rankings) assertEquals(found.map(({ first }) => first), [30, 60]);
    }
    assert(probe.all.measures.accuracy.value > 0.7, `${probe.all.measures.accuracy.value} of a head that has learnt`);

    // The run keeps its own recipe, needs no second pass through the backbones, and gives the same again.
    const config = JSON.parse(await Deno.readTextFile(join(folder, "run/config.json")));
    await Deno.remove(fileOf(folder, "linear-probe"));
    const second = await evaluated(folder, "");
    assertEquals(second.stderr.includes("transform"), false, second.stderr);
    assertStringIncludes(second.stderr, `evaluate ${config.recipe} (`);
    assertEquals(await resultOf(folder, "linear-probe"), probe);
  }));

Deno.test("deno task evaluate keeps features of other sizes beside the run's own, and neither is made twice", () =>
  inFolder(async (folder) => {
    await drawSample(join(folder, "photos"), { seed: 0, train: 40, test: 10 });
    const first = await evaluated(folder, "--recipe linear-probe,own-sizes,hellinger,one-regression");
    assertStringIncludes(first.stderr, "features of photos of 112-147 pixels");
    assertEquals(first.stderr.match(/^transform /gm)?.length, 2, first.stderr);
    // Another run evaluates by the same features.
    const other = await run("evaluate --data photos --out other --backend onnx --recipe own-sizes".split(" "), folder);
    assertEquals(other.stderr.match(/photos \d+, computed 0,/g)?.length, 1, other.stderr);
    const index = await Deno.readTextFile(join(folder, "run/evaluate/transform-112-147/output.json"));
    assertEquals(FeatureIndex.parse(JSON.parse(index)).cutPoints, false);
    const names = ["linear-probe", "own-sizes", "hellinger", "one-regression"];
    const losses = await Promise.all(
      names.map(async (name) => (await resultOf(folder, name)).all.measures.logLoss.value),
    );
    assertEquals(new Set(losses).size, names.length, `${losses}: every recipe has features or a head of its own`);

    const ownSizes = await resultOf(folder, "own-sizes");
    for (const name of ["own-sizes", "linear-probe"]) await Deno.remove(fileOf(folder, name));
    const again = await evaluated(folder, "--recipe own-sizes,linear-probe");
    assertEquals(again.stderr.includes("transform "), false, again.stderr);
    assertEquals(await resultOf(folder, "own-sizes"), ownSizes);

    // What was kept for recipes of other sizes is checked as the run's own.
    const well = await run(["status", "--check", "--out", "run"], folder);
    assertStringIncludes(well.stdout, "all is as it was");
    const [name] = await shardsOf(join(folder, "run"), "evaluate/transform-112-147");
    const shard = join(folder, name);
    await Deno.writeFile(shard, (await Deno.readFile(shard)).map((byte, k) => k === 3000 ? byte ^ 1 : byte));
    const { code, stdout } = await run(["status", "--check", "--out", "run"], folder);
    assertEquals(code, 1);
    assertStringIncludes(stdout, `${name} was changed`);
  }));

Deno.test("deno task evaluate keeps results by folds and seed, and takes those that nothing has changed", () =>
  inFolder(async (folder) => {
    await drawSample(join(folder, "photos"), { seed: 0, train: 40, test: 10 });
    const tries = [["--seed 0", 3, 0], ["--seed 0", 4, 0], ["--seed -2", 3, -2]] as const;
    const texts: string[] = [];
    const printed: string[] = [];
    for (const [words, folds, seed] of tries) {
      const { stdout, stderr } = await evaluated(folder, words, folds);
      assertStringIncludes(stderr, "evaluate linear-probe (");
      texts.push(await Deno.readTextFile(fileOf(folder, "linear-probe", folds, seed)));
      printed.push(stdout);
    }
    assertEquals(new Set(texts).size, tries.length);
    for (const [k, [words, folds, seed]] of tries.entries()) {
      const file = fileOf(folder, "linear-probe", folds, seed);
      const { stdout, stderr } = await evaluated(folder, words, folds);
      const path = file.slice(folder.length + 1);
      assertStringIncludes(stderr, `evaluate linear-probe: nothing changed, taken from ${path}\n`);
      assertEquals([stdout, await Deno.readTextFile(file)], [printed[k], texts[k]]);
    }

    // What was edited, torn or computed from something else is computed again, and not taken.
    const file = fileOf(folder, "linear-probe");
    const others = [texts[0].replace(/"pDog":0\.\d/, `"pDog":0.5`), texts[0].slice(0, 500), texts[1]];
    const shown = async () =>
      (await runsBeside(join(folder, "run"))).filter(({ kind }) => kind === "evaluation").length;
    assertEquals(await shown(), tries.length);
    for (const text of others) {
      assertNotEquals(text, texts[0]);
      await Deno.writeTextFile(file, text);
      assertEquals(await shown(), tries.length - 1);
      const { stdout, stderr } = await evaluated(folder, "--seed 0");
      assertStringIncludes(stderr, "evaluate linear-probe (");
      assertEquals([stdout, await Deno.readTextFile(file)], [printed[0], texts[0]]);
    }
    const clipped = await evaluated(folder, "--clip 0.1");
    assertStringIncludes(clipped.stdout, "clipped at 0.1");
    const photo = join(folder, "photos/train/cat.1.jpg");
    await Deno.remove(photo);
    assertStringIncludes((await evaluated(folder, "--clip 0.1")).stderr, "evaluate linear-probe (");
  }));

Deno.test("deno task evaluate refuses folds, recipes and files that it cannot use, in one line", () =>
  inFolder(async (folder) => {
    const errorOf = async (words: string) => {
      const { code, stderr } = await run(`${EVALUATE} ${words}`.split(" "), folder);
      assertEquals(code, 1, stderr);
      return stderr.trimEnd().split("\n").at(-1) ?? "";
    };
    await drawSample(join(folder, "photos"), { seed: 0, train: 40, test: 10 });
    assertMatch(await errorOf("--folds 1"), /^error: Cannot use --folds 1: expected a whole number, 2 to 255/);
    assertMatch(
      await errorOf("--recipe linear-prob"),
      /^error: Cannot use --recipe linear-prob: .* Did you mean linear-probe\?/,
    );
    assertMatch(await errorOf("photos"), /^error: Cannot use photos: expected options alone/);
    assertMatch(await errorOf("--folds 40"), /^error: Cannot make 40 folds: expected at least 40 different cat photos/);
    assertMatch(await errorOf("--outliers none.csv"), /^error: Cannot use --outliers none\.csv: .* got nothing there/);
    await makeFifo(join(folder, "pipe.csv"));
    assertMatch(
      await errorOf("--outliers pipe.csv"),
      /^error: Cannot read pipe\.csv: expected a file, got a folder or a/,
    );
  }));
