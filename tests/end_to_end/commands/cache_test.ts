import { join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { describedSet, FeatureSet } from "../../../pipeline/features/cache/feature_set.ts";
import { USUAL_CACHE } from "../../../pipeline/settings/config.ts";
import { CacheFolder } from "../../../pipeline/store/cache_folder.ts";
import { command, filesBelow, run, runWell } from "../command_line.ts";
import { manifestOf, shardsOf, stagesRun, submissionOf } from "../run_files.ts";
import { drawSmall, overSmall } from "../small_run.ts";

// Two runs begun at once on the same photos with nothing in the cache, one of which is killed as its first rows are there.
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const cache = join(folder, USUAL_CACHE);

const isShard = (path: string) => path.endsWith(".safetensors");
const shardsThere = async () => (await filesBelow(cache).catch(() => [])).filter(isShard);

Deno.test.beforeAll(async () => {
  await drawSmall(folder);
  const killed = command(overSmall("stage transform", "killed").split(" "), folder).spawn();
  const running = run(overSmall("pipeline").split(" "), folder);
  while ((await shardsThere()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  try {
    killed.kill("SIGKILL");
  } catch (thrown) {
    // It may have ended.
    if (!(thrown instanceof TypeError)) throw thrown;
  }
  await killed.output();
  const { code, stderr } = await running;
  assertEquals(code, 0, stderr);
});

Deno.test("a run beside one that is killed ends with all, and what the other had written is taken", async () => {
  const { counts } = await manifestOf(join(folder, "run"), "transform");
  const rest = await runWell(overSmall("stage transform", "killed"), folder);
  assertStringIncludes(rest.stderr, "computed 0, ");
  assert(counts.computed <= counts.photos);
  assertEquals((await filesBelow(cache)).filter((path) => path.endsWith(".unfinished")), []);
});

Deno.test("a second run, another recipe and evaluate send no photo through the backbones that has its features", async () => {
  const second = await runWell(overSmall("pipeline", "second"), folder);
  assertStringIncludes(second.stderr, "computed 0, ");
  assertEquals(await submissionOf(join(folder, "second")), await submissionOf(join(folder, "run")));
  assertEquals(await shardsOf(join(folder, "second")), await shardsOf(join(folder, "run")));
  for (const words of ["stage transform", "evaluate"]) {
    const other = await runWell(`${overSmall(words, "third")} --recipe hellinger`, folder);
    assertEquals(/computed [1-9]/.test(other.stderr), false, other.stderr);
  }
});

Deno.test("deno task cache shows what there is, and removes nothing that a process is using", async () => {
  const { stdout } = await runWell("cache", folder);
  assertMatch(stdout, /^runs\/\.features\nweights .* last used\n[0-9a-f]{8} +112-179 +onnx f32 .* [kM]B .*\nin all /);
  for (const line of stdout.split("\n")) assert(line.length <= 80, line);
  const [, weights] = /\n([0-9a-f]{8}) /.exec(stdout) ?? [];
  const before = await shardsThere();
  for (const words of ["--older-than 30d", "--keep 1GB", `--weights ${weights} --dry-run`, "--keep 0MB --dry-run"]) {
    await runWell(`cache ${words}`, folder);
    assertEquals(await shardsThere(), before);
  }
  assertStringIncludes((await runWell("cache --keep 0MB --dry-run", folder)).stdout, "would remove ");

  const [first] = before;
  const set = first.split("/").at(-2) ?? "";
  const text = await Deno.readTextFile(join(cache, set, "set.json"));
  assertEquals(describedSet(FeatureSet.parse(JSON.parse(text))).name, set);
  const using = new CacheFolder(cache);
  await using.begin(set, text);
  const refused = await run(["cache", "--keep", "0MB"], folder);
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /^error: Cannot remove all of that from runs\/\.features: .* 1 of 1 sets\..*\n$/);
  assertEquals(await shardsThere(), before);
  using.close();
});

Deno.test("what is removed is computed again when a run needs it, and nothing else; what is somebody's stays", async () => {
  const theirs = [join(cache, "notes.txt"), join((await shardsThere())[0], "../my.safetensors")];
  for (const path of theirs) await Deno.writeTextFile(path, "theirs");
  const weights = /\n([0-9a-f]{8}) /.exec((await runWell("cache", folder)).stdout)?.[1] ?? "";
  assertStringIncludes((await runWell(`cache --weights ${weights}`, folder)).stdout, "runs/.features: removed ");
  assertEquals(await shardsThere(), theirs.filter(isShard));
  for (const path of theirs) assertEquals(await Deno.readTextFile(path), "theirs");

  const photo = "photos/test/2.jpg";
  await runWell(`predict ${photo} --run run`, folder);
  const right = await submissionOf(join(folder, "run"));
  assertStringIncludes((await runWell("status --out run", folder)).stdout.replaceAll(/\s+/g, " "), "out of date");
  const again = await runWell(overSmall("pipeline"), folder);
  assertEquals(stagesRun(again.stderr), ["transform"]);
  assertEquals(await submissionOf(join(folder, "run")), right);
});

Deno.test("a cache elsewhere is remembered, and one that is somebody's or the run's own folder is refused", async () => {
  await runWell(`${overSmall("stage scan", "fourth")} --cache own`, folder);
  await runWell("stage transform --out fourth", folder);
  assert((await filesBelow(join(folder, "own"))).some(isShard));
  for (
    const [place, problem] of [
      ["photos/train", "Cannot write into photos/train: expected a new or an empty folder or a cache of features, got"],
      ["photos/new", "Cannot write into photos/new: expected a folder apart from the photos"],
      ["fourth", "Cannot write into fourth: expected a new or an empty folder or a cache of features, got"],
      ["fifth", "Cannot use --cache fifth: expected a folder beside the run's, got the run's own"],
    ]
  ) {
    const { code, stderr } = await run(`${overSmall("stage scan", "fifth")} --cache ${place}`.split(" "), folder);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `error: ${problem}`);
  }
  const { code, stderr } = await run(["cache", "--cache", "photos"], folder);
  assertEquals([code, stderr.startsWith("error: Cannot write into photos: expected a new")], [1, true]);
});
