import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { z } from "zod";
import { zipFile } from "../../integration/data/source/zip_file.ts";
import { type Ended, photoNames, run, runWell, writePhotos } from "../command_line.ts";
import { filledWith } from "../changed_weights.ts";
import { runInProcess } from "../in_process.ts";
import { runSample } from "../sample_run.ts";
import { runSmall } from "../small_run.ts";
import { changesIn, type Tree, treeOf } from "./tree.ts";

const WEIGHTS = fromFileUrl(new URL("../../../weights/", import.meta.url));
const [RESNET, INCEPTION] = ["mini-resnet50.safetensors", "mini-inception_v3.safetensors"];

// A user's home with photos of all kinds, weights of all kinds, a finished run and a drawn sample.
const root = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(root, { recursive: true }));
const home = join(root, "home");
const cache = join(root, "cache");
const at = (...parts: string[]) => join(home, ...parts);

// What the program keeps for the user lies in the tree as well; what Deno itself keeps stays where it is.
const { stdout: denoInfo } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"], cwd: root }).output();
const { denoDir } = z.object({ denoDir: z.string() }).parse(JSON.parse(new TextDecoder().decode(denoInfo)));
Deno.env.set("DENO_DIR", denoDir);
Deno.env.set("XDG_CACHE_HOME", cache);

async function copyWeights(to: string, names: Record<string, string>, length?: number): Promise<void> {
  await Deno.mkdir(at(to));
  for (const [name, from] of Object.entries(names)) {
    await Deno.writeFile(at(to, name), (await Deno.readFile(join(WEIGHTS, from))).subarray(0, length));
  }
}

/** What a user sees of the finished run before anything fails. */
let atFirst: Ended[];

Deno.test.beforeAll(async () => {
  await runSmall(home);
  await Deno.mkdir(cache);
  await Deno.writeTextFile(join(cache, "theirs"), "of another program");
  await writePhotos(at("others/train"), photoNames(6));
  await writePhotos(at("cats"), ["cat.1.jpg", "cat.2.jpg"]);
  await writePhotos(at("nameless"), ["1.jpg", "2.jpg"]);
  for (const name of ["empty", "weights-empty"]) await Deno.mkdir(at(name));
  for (const name of ["text/cat.1.txt", "broken/cat.1.jpg", "broken/dog.1.jpg", "broken.zip", "notes.txt"]) {
    await Deno.mkdir(join(at(name), ".."), { recursive: true });
    await Deno.writeTextFile(at(name), "no picture");
  }
  const zip = zipFile([{ name: "cat.1.jpg", bytes: await Deno.readFile(at("cats/cat.1.jpg")) }]);
  await Deno.writeFile(at("cut.zip"), zip.subarray(0, zip.length - 30));
  await Deno.symlink("nowhere", at("dangling"));
  await Deno.symlink("photos", at("photos-link"));
  await copyWeights("weights-one", { [RESNET]: RESNET });
  await copyWeights("weights-cut", { [RESNET]: RESNET, [INCEPTION]: INCEPTION }, 1_000_000);
  await copyWeights("weights-swapped", { [RESNET]: INCEPTION, [INCEPTION]: INCEPTION });
  await Deno.mkdir(at("weights-huge"));
  for (const name of [RESNET, INCEPTION]) await Deno.writeFile(at("weights-huge", name), await filledWith(name, 1e30));
  await runSample(home, "drawn");
  atFirst = await answers();
});

/** Commands that must fail: what they are given, of those that take it, over a finished run, a new one and a sample. */
const BAD_OPTIONS: Record<string, RegExp> = {
  "--weights nope": /^Cannot read the weights in nope: /,
  "--weights weights-empty": /^Cannot use the weights in weights-empty: .* got none\./,
  "--weights weights-one": /^Cannot use the weights in weights-one: .* got none\./,
  "--weights weights-cut": /^Cannot use the weights in weights-cut: /,
  "--weights weights-swapped": /^Cannot use the weights in weights-swapped: /,
  "--weights notes.txt": /^Cannot read the weights in notes\.txt: /,
  "--recipe nope": /^Cannot use --recipe nope: /,
  "--backend nope": /^Cannot use --backend nope: /,
  "--seed nope": /^Cannot use --seed nope: /,
  "--seed 1.5": /^Cannot use --seed 1\.5: /,
  "--trim-test nope": /^Cannot use --trim-test nope: /,
  "--clip 0.6": /^Cannot use --clip 0\.6: /,
  "--clip nope": /^Cannot use --clip nope: /,
  "--cache-gb -1": /^Cannot use --cache-gb -1: /,
  "--nope": /^Cannot use --nope: /,
  "--force=yes": /^Cannot use --force=yes: /,
  "--clip": /^Cannot use --clip: expected a value/,
};
const BAD_PHOTOS: Record<string, RegExp> = {
  "--data nowhere": /^Cannot look into nowhere: .* nothing there\. Name another with --data$/,
  "--data catz": /^Cannot look into catz: .* nothing there\. Did you mean cats\?$/,
  "--data dangling": /^Cannot look into dangling: /,
  "--data notes.txt": /^Cannot look into notes\.txt: /,
  "--data broken.zip": /^Cannot (open|read) broken\.zip: /,
  "--data cut.zip": /^Cannot (open|read) cut\.zip: /,
  "--data nowhere.zip": /^Cannot open nowhere\.zip: /,
  "--data empty": /^Cannot find photos: expected pictures/,
  "--data text": /^Cannot find photos: expected pictures/,
  "--data broken": /^Cannot find photos: .* got none that can be read, and could not read cat\.1\.jpg and 1 more/,
  "--data cats": /^Cannot learn cats from dogs: expected photos of both, got no dog among 2/,
  "--data nameless": /^Cannot learn cats from dogs: expected photos of both, got no cat among 2/,
  "--data others --test nowhere": /^Cannot look into nowhere: .* nothing there\. Name another with --test$/,
  "--data others --test empty": /^Cannot find photos to predict: expected pictures .* in empty, got none/,
  "--data others --test broken.zip": /^Cannot (open|read) broken\.zip: /,
};
/** Over the finished run. */
const BAD_COMMANDS: Record<string, RegExp> = {
  "pipeline --out run --data others": /^Cannot go on with run: expected photos, on which it was made, got others\. /,
  "pipeline --out run --test others/train": /^Cannot go on with run: expected .*test to predict, .* got others\/train/,
  "pipeline --out drawn --data others": /^Cannot go on with drawn: expected the sample of seed 0, .* got others\. /,
  "stage scan --out drawn --seed 1": /^Cannot go on with drawn: .* got the sample of seed 1\. .* \(--replace\)$/,
  "evaluate --out run --folds 1": /^Cannot use --folds 1: /,
  "evaluate --out run --folds 200 --seed 1": /^Cannot make 200 folds: /,
  "evaluate --out run --epochs 0": /^Cannot use --epochs 0: /,
  "evaluate --out run --epochs 3 --seed 1": /^Cannot use --epochs 3: expected a recipe that trains in epochs/,
  "evaluate --out run --recipe nope --seed 1": /^Cannot use --recipe nope: /,
  "evaluate --out run --outliers nowhere.csv --seed 1": /^Cannot use --outliers nowhere\.csv: .* nothing there/,
  "evaluate --out run --outliers notes.txt --seed 1":
    /^Cannot use --outliers notes\.txt: .* names none of these photos/,
  "stage nope --out run": /^Cannot run a stage: /,
  "stage scan split --out run": /^Cannot run a stage: /,
  "nope": /^Cannot run nope: /,
  "status --out nowhere": /^Cannot open nowhere: /,
  "status --out run --data others": /^Cannot open run: expected a run on others, got one on photos/,
  "predict photos --run nowhere": /^Cannot open nowhere: /,
  "predict nowhere.jpg --run run": /^Cannot predict 1 of 1 photos: nowhere\.jpg: /,
  "predict empty --run run": /^Cannot predict empty: /,
  "predict photos/test --run run --backend nope": /^Cannot use --backend nope: /,
  "predict photos/test --run run --json --csv": /^Cannot use --json and --csv together/,
  "export --run nowhere": /^Cannot open nowhere: /,
  "export --run run --to photos": /^Cannot write into photos: /,
  "export --run run --to photos/new": /^Cannot write into photos\/new: /,
  "sample --seed nope": /^Cannot use --seed nope: /,
  "sample --out photos": /^Cannot draw into photos: expected the sample of seed 5, .* got seed 0/,
  "sample --out others": /^Cannot write into others: /,
  "sample --out drawn/photos --seed 1": /^Cannot draw into drawn\/photos: expected the sample of seed 0, .* got seed 1/,
  "weights --from nowhere --mirror http://localhost": /^Cannot fetch weights: /,
  "weights --mirror nope": /^Cannot fetch weights: /,
};

/** Checks of a command's end that it was refused in one line, and that all is as it was, times included. */
async function assertRefused(words: string, expected: RegExp, run: typeof runInProcess, before: Tree): Promise<void> {
  const { code, stderr } = await run(words, home);
  const [line, ...more] = stderr.trimEnd().split("\n").filter((line) => line.startsWith("error: "));
  assertEquals([code, more], [1, []], `${words}: ${stderr}`);
  assertMatch(line.slice("error: ".length), expected, words);
  assert(!/\n\s+at /.test(stderr), stderr);
  assertEquals(changesIn(before, await treeOf(root)), [], words);
}

async function refusesAll(commands: Record<string, RegExp>): Promise<void> {
  const before = await treeOf(root);
  for (const [words, expected] of Object.entries(commands)) {
    await assertRefused(words, expected, runInProcess, before);
  }
}

/** The commands of a table over something, each with words before it. */
const over = (words: string, table: Record<string, RegExp>) =>
  Object.fromEntries(Object.entries(table).map(([options, expected]) => [`${words} ${options}`, expected]));

/** What a user sees of the finished run. */
async function answers(): Promise<Ended[]> {
  const commands = ["status --out run", "predict photos/test/1.jpg --run run --csv", "pipeline --out run"];
  const seen: Ended[] = [];
  for (const words of commands) seen.push(await runWell(words, home));
  return seen;
}

Deno.test("a command that fails on its options writes nothing: finished run, new run, sample", async () => {
  await refusesAll({
    ...over("pipeline --out run", BAD_OPTIONS),
    ...over("pipeline --data others --out new", BAD_OPTIONS),
    ...over("pipeline", BAD_OPTIONS),
    ...over("stage scan --out drawn", BAD_OPTIONS),
  });
});

Deno.test("a command that fails on its photos writes nothing: new run, --replace of a finished run's", async () => {
  await refusesAll({
    ...over("pipeline --out new --weights mini", BAD_PHOTOS),
    ...over("pipeline --out run --replace", BAD_PHOTOS),
    ...over("stage scan --out drawn --replace", BAD_PHOTOS),
    ...over("evaluate --out run --replace --seed 1", BAD_PHOTOS),
  });
});

Deno.test({
  name: "a GPU that is not there is told of before anything is written (on Linux, with an API that it lacks)",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const before = await treeOf(root);
    const withoutGpu = (words: string) => run(words.split(" "), home, { DENO_WEBGPU_BACKEND: "dx12" });
    for (const words of ["pipeline --out run --seed 1", "stage scan --out new --data others"]) {
      await assertRefused(`${words} --backend webgpu`, /^Cannot compute on webgpu: /, withoutGpu, before);
    }
  },
});

Deno.test("weights that overflow leave a finished run as it was", async () => {
  // Their probe loads onnxruntime, which writes into the user's cache by itself.
  const before = await treeOf(home);
  const { code, stderr } = await runInProcess("pipeline --out run --weights weights-huge", home);
  assertEquals(code, 1);
  assertMatch(stderr, /error: Cannot use the weights of resnet50: expected finite activations/);
  assertEquals(changesIn(before, await treeOf(home)), []);
});

Deno.test("no other command that fails writes anything", () => refusesAll(BAD_COMMANDS));

Deno.test("a review that cannot be followed, and a run that another process holds, leave all as it was", async () => {
  const review = at("run/review.json");
  const text = await Deno.readTextFile(review);
  for (const wrong of ["keep cat.0.jpg", '{ "keep": ["cat.x.jpg"] }', '{ "drop": 1 }']) {
    await Deno.writeTextFile(review, wrong);
    await refusesAll(over("pipeline --out run", { "--seed 1": /^Cannot follow run\/review\.json, line 1/ }));
  }
  await Deno.writeTextFile(review, text);
  using marker = await Deno.open(at("run/run.json"));
  await marker.lock(true);
  await refusesAll({ "pipeline --out run --seed 1": /^Cannot work in run: another run is at work there/ });
});

Deno.test("after all that, the finished run answers as before to the byte, and is up to date", async () => {
  const after = await answers();
  assertEquals(after, atFirst);
  assertMatch(after[2].stderr, /nothing to do, all 10 stages are up to date\n$/);
});

Deno.test("--dry-run, status, --help and --version write nothing at all", async () => {
  const before = await treeOf(root);
  const commands = [
    "pipeline --dry-run",
    "pipeline --dry-run --seed 1",
    "pipeline --dry-run --out run",
    "pipeline --dry-run --out run --seed 1 --clip 0 --recipe writeup --force",
    "pipeline --dry-run --out run --data others --replace",
    "pipeline --dry-run --out new --data photos",
    "pipeline --dry-run --out drawn",
    "pipeline --dry-run --out drawn --weights weights-huge --backend wasm",
    "pipeline --dry-run --out new --data photos --backend onnx",
    "pipeline --dry-run --out drawn --seed 1 --replace",
    "stage train --dry-run --out run --force",
    "stage train --dry-run --data others",
    "status --out run",
    "status --out run --check",
    "status --out drawn --json",
    "help",
    "--version",
    ...["pipeline", "stage", "status", "evaluate", "predict", "weights", "sample", "export"]
      .flatMap((name) => [`help ${name}`, `${name} --help`, `${name} --version`]),
  ];
  for (const words of commands) {
    const { code, stderr } = await runInProcess(words, home);
    assertEquals(code, 0, `${words}: ${stderr}`);
    assertEquals(changesIn(before, await treeOf(root)), [], words);
  }
});
