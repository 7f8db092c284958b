import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import { Safetensors, type StoredArray, writeSafetensors } from "../../../model/weights/safetensors.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, filesBelow, photoNames, run, writePhotos } from "../command_line.ts";

const WEIGHTS = fromFileUrl(new URL("../../../weights/", import.meta.url));
const [RESNET, INCEPTION] = ["mini-resnet50.safetensors", "mini-inception_v3.safetensors"];

/** The one line of the error with which a command ends; it must say no more, and leave nothing half-written. */
async function errorOf(words: string, folder: string): Promise<string> {
  const { code, stderr, stdout } = await run(words.split(" "), folder);
  assertEquals(code, 1, stderr);
  assertEquals(stdout, "");
  const lines = stderr.trimEnd().split("\n");
  assertEquals(lines.filter((line) => line.startsWith("error: ")).length, 1, stderr);
  assertMatch(lines[lines.length - 1], /^error: /, "the error is the last line");
  const half = (await filesBelow(folder)).filter((path) => path.endsWith(".unfinished"));
  assertEquals(half, []);
  return lines[lines.length - 1].slice("error: ".length);
}

/** Stages whose manifest stands in a run's folder: those that count as done. */
async function stagesDone(out: string): Promise<string[]> {
  const paths = await Deno.stat(out).then(() => filesBelow(out), () => []);
  return paths.filter((path) => path.endsWith("manifest.json")).map((path) => path.split("/").at(-2) ?? "");
}

Deno.test("an unknown option is named with the nearest one, before anything is written", () =>
  inFolder(async (folder) => {
    assertMatch(await errorOf("pipeline --dta photos", folder), /^Cannot use --dta: .* Did you mean --data\?$/);
    assertEquals(await filesBelow(folder), []);
  }));

Deno.test("unknown commands, stages, recipes and backends are named with the nearest one", () =>
  inFolder(async (folder) => {
    const errors = await Promise.all([
      errorOf("pipelin", folder),
      errorOf("stage finetun", folder),
      errorOf("pipeline --recipe writup", folder),
      errorOf("pipeline --backend webgp", folder),
    ]);
    assertMatch(errors[0], /^Cannot run pipelin: expected one of pipeline, .* Did you mean pipeline\?$/);
    assertMatch(errors[1], /^Cannot run a stage: expected one of scan, .* got finetun.* Did you mean finetune\?$/);
    assertMatch(errors[2], /^Cannot use --recipe writup: .* Did you mean writeup\?$/);
    assertMatch(errors[3], /^Cannot use --backend webgp: .* Did you mean webgpu\?$/);
    assertEquals(await filesBelow(folder), []);
  }));

Deno.test("values out of range are refused before anything is written", () =>
  inFolder(async (folder) => {
    const errors = await Promise.all([
      errorOf("pipeline --clip 2", folder),
      errorOf("pipeline --seed soon", folder),
      errorOf("pipeline --data", folder),
    ]);
    assertEquals(errors[0], "Cannot use --clip 2: expected a number from 0 to 0.5 in digits, like 0.005");
    assertMatch(errors[1], /^Cannot use --seed soon: expected a whole number from -2147483648 to 2147483647/);
    assertEquals(errors[2], "Cannot use --data: expected a value (--data DIR|ZIP), got none");
    assertEquals(await filesBelow(folder), []);
  }));

Deno.test("a folder of photos that is not there, or is something else, is named", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "notes.txt"), "no folder, no zip");
    const errors = await Promise.all([
      errorOf("pipeline --data nowhere --out run1", folder),
      errorOf("pipeline --data notes.txt --out run2", folder),
    ]);
    assertMatch(errors[0], /^Cannot .* nowhere: expected .*, got nothing there/);
    assertMatch(errors[1], /^Cannot .* notes\.txt: expected /);
  }));

Deno.test("a folder without photos says what pictures are looked for", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "photos"));
    await Deno.writeTextFile(join(folder, "photos", "cat.1.txt"), "no picture");
    assertMatch(await errorOf("pipeline --data photos --out run", folder), /^Cannot find photos: expected pictures/);
    assertEquals(await stagesDone(join(folder, "run")), []);
  }));

Deno.test("photos of one class only say how to name the others", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), ["cat.1.jpg", "cat.2.jpg"]);
    assertMatch(
      await errorOf("pipeline --data photos --out run", folder),
      /^Cannot learn cats from dogs: expected photos of both, got no dog among 2\. Name them cat\.1\.jpg/,
    );
    assertEquals(await stagesDone(join(folder, "run")), []);
  }));

Deno.test("too few photos to split say how many are needed", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(1));
    assertMatch(await errorOf("pipeline --data photos --out run", folder), /^Cannot split 2 photos: .* Add photos/);
    assertEquals(await stagesDone(join(folder, "run")), ["filter", "scan", "trim"]);
  }));

Deno.test("weights that are missing, mislabelled or damaged say which file, and how to get others", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    const path = (...parts: string[]) => join(folder, ...parts);
    for (const name of ["empty", "one", "mislabelled", "cut"]) await Deno.mkdir(path(name));
    for (const name of ["one", "mislabelled", "cut"]) await Deno.copyFile(join(WEIGHTS, RESNET), path(name, RESNET));
    const inception = await Deno.readFile(join(WEIGHTS, INCEPTION));
    const { metadata, entries } = new Safetensors(inception);
    const stored = new Safetensors(inception);
    const arrays = new Map<string, StoredArray>([...entries.keys()].map((name) => [name, stored.array(name)]));
    const wider = new Map([...metadata, ["width", "0.5"]]);
    await Deno.writeFile(path("mislabelled", INCEPTION), writeSafetensors(arrays, Object.fromEntries(wider)));
    await Deno.writeFile(path("cut", INCEPTION), inception.subarray(0, inception.length - 100));

    const errors: string[] = [];
    for (const name of ["empty", "one", "mislabelled", "cut", "nowhere"]) {
      errors.push(await errorOf(`stage transform --backend onnx --data photos --weights ${name} --out run`, folder));
    }
    for (const error of errors) assertStringIncludes(error, "deno task weights");
    assertMatch(errors[0], /^Cannot use the weights in empty: expected one file for resnet50, got none/);
    assertMatch(errors[1], /^Cannot use the weights in one: expected one file for inception_v3, got none/);
    assertMatch(errors[2], new RegExp(`^Cannot use mislabelled/${INCEPTION}: .*Conv2d_1a_3x3`));
    assertMatch(errors[3], new RegExp(`^Cannot use the weights in cut: .*got none; ${INCEPTION} was passed over: `));
    assertMatch(
      errors[4],
      /^Cannot read the weights in nowhere: expected a folder that can be read, got nothing there\. /,
    );
    assertEquals(await stagesDone(path("run")), []);
  }));

Deno.test("a manifest or settings edited by hand are refused, with what to do", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(2));
    const { code, stderr } = await run(["stage", "scan", "--data", "photos", "--out", "run"], folder);
    assertEquals(code, 0, stderr);
    const manifest = join(folder, "run/scan/manifest.json");
    const text = await Deno.readTextFile(manifest);
    await Deno.writeTextFile(manifest, text.replace('"cats": 2', '"cats": 3'));
    assertNotEquals(await Deno.readTextFile(manifest), text);
    for (const words of ["status --out run", "stage scan --out run"]) {
      const error = await errorOf(words, folder);
      assertStringIncludes(error, "Cannot read run/scan/manifest.json: expected content that agrees with its seal");
      assertStringIncludes(error, "remove its folder to run that stage again");
    }
    await Deno.writeTextFile(manifest, text.replace('"schema": 1', '"schema": 99'));
    assertStringIncludes(await errorOf("status --out run", folder), "expected a manifest of schema 1");

    await Deno.writeTextFile(manifest, text);
    await Deno.writeTextFile(join(folder, "run/config.json"), "{}");
    assertMatch(
      await errorOf("status --out run", folder),
      /^Cannot read run\/config\.json: expected the settings of a run/,
    );
  }));

Deno.test("a run that is not there, or is not finished, is named", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "run"));
    await Deno.writeTextFile(join(folder, "file"), "");
    const errors = await Promise.all([
      errorOf("status", folder),
      errorOf("status --out run", folder),
      errorOf("predict cat.jpg --run run", folder),
      errorOf("predict", folder),
      errorOf("pipeline --out file", folder),
    ]);
    assertMatch(errors[0], /^Cannot find a run: expected one under runs\//);
    assertMatch(errors[1], /^Cannot open run: expected the folder of a run/);
    assertMatch(errors[2], /^Cannot open run: expected the folder of a run/);
    assertMatch(errors[3], /^Cannot predict: expected photos or folders, got none/);
    assertMatch(
      errors[4],
      /^Cannot write into file: expected a new or an empty folder or a run, got a file\. Name another: --out file-run$/,
    );
  }));

Deno.test("Ctrl-C ends a run with status 130 and one line, and what was finished is kept", () =>
  inFolder(async (folder) => {
    const process = command(["pipeline", "--out", "run"], folder).spawn();
    const deadline = Date.now() + 20_000;
    const hasBegun = () => Deno.stat(join(folder, "run/config.json")).then(() => true, () => Date.now() > deadline);
    const isDrawing = () => Deno.stat(join(folder, "run/photos/train")).then(() => true, () => false);
    while (!await isDrawing() && !await hasBegun()) await new Promise((resolve) => setTimeout(resolve, 50));
    process.kill("SIGINT");
    const { code, stderr } = await process.output();
    const text = new TextDecoder().decode(stderr);
    assertEquals(code, 130, text);
    assert(text.trimEnd().endsWith("Stopped. Finished work is kept: the same command goes on from here."), text);
    assertEquals(text.includes("error: "), false);
    assertEquals(await stagesDone(join(folder, "run")), []);
  }));
