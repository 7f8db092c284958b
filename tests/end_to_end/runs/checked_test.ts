import { join } from "@std/path";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { run, runWell } from "../command_line.ts";
import { treeOf } from "../ownership/tree.ts";
import { copyFolder, shardsOf, submissionOf } from "../run_files.ts";
import { drawSmall } from "../small_run.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";

const WEIGHTS = new URL("../../../weights", import.meta.url);
const WORDS = "--data photos --out run --weights own --backend onnx";

// A finished run whose weights are a copy, to be damaged.
const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));

Deno.test.beforeAll(async () => {
  await drawSmall(folder);
  await Deno.mkdir(join(folder, "own"));
  for await (const { name } of Deno.readDir(WEIGHTS)) {
    if (/mini.*\.safetensors$/.test(name)) {
      await Deno.copyFile(new URL(`weights/${name}`, new URL("../../../", import.meta.url)), join(folder, "own", name));
    }
  }
  await runWell(`pipeline ${WORDS}`, folder);
});

/** Turns a bit in the middle of a file and keeps its size and time; gives back how to undo it. */
async function turnBit(path: string): Promise<() => Promise<void>> {
  const bytes = await Deno.readFile(path);
  const { mtime } = await Deno.stat(path);
  const write = async (content: Uint8Array) => {
    await Deno.writeFile(path, content);
    if (mtime) await Deno.utime(path, mtime, mtime);
  };
  await write(bytes.map((byte, k) => k === Math.floor(bytes.length * 0.8) ? byte ^ 1 : byte));
  return () => write(bytes);
}

Deno.test("status --check finds a changed photo, weight and shard, and writes nothing at all", async () => {
  const before = await treeOf(folder);
  const well = await runWell("status --check --out run", folder);
  assertStringIncludes(well.stdout, "all is as it was");
  assertEquals(await treeOf(folder), before);
  const [weights] = [...Deno.readDirSync(join(folder, "own"))].map(({ name }) => name).sort();
  const damages: Record<string, RegExp> = {
    "photos/train/cat.0.jpg": /cat\.0\.jpg of the train photos was changed/,
    [`own/${weights}`]: /the weights \S*own\S* were changed/,
    [(await shardsOf(join(folder, "run")))[0]]: /^runs\/\.features\/\S*\.safetensors was changed$/m,
  };
  for (const [file, expected] of Object.entries(damages)) {
    const undo = await turnBit(join(folder, file));
    const damaged = await treeOf(folder);
    const { code, stdout, stderr } = await run(["status", "--check", "--out", "run"], folder);
    assertEquals(code, 1, file);
    assertMatch(stdout, expected);
    assertMatch(stderr, /error: Cannot vouch for run: expected all as it was, got 1 change.*\n$/);
    assertEquals(await treeOf(folder), damaged);
    await undo();
  }
});

const Hashes = z.object({ hashes: z.record(z.string(), z.object({ sha256: z.string() }).loose()), seal: z.string() });

Deno.test("two hashes that were swapped in hashes.json swap no photo's P(dog)", () =>
  inFolder(async (elsewhere) => {
    await copyFolder(folder, elsewhere);
    const right = await runWell(`pipeline ${WORDS} --force`, elsewhere)
      .then(() => submissionOf(join(elsewhere, "run")));
    const path = join(elsewhere, "run/hashes.json");
    const kept = Hashes.parse(JSON.parse(await Deno.readTextFile(path)));
    const [first, second] = Object.keys(kept.hashes).filter((name) => name.startsWith("test:"));
    const swapped = { ...kept.hashes };
    swapped[first] = { ...kept.hashes[first], sha256: kept.hashes[second].sha256 };
    swapped[second] = { ...kept.hashes[second], sha256: kept.hashes[first].sha256 };
    await Deno.writeTextFile(path, JSON.stringify({ ...kept, hashes: swapped }));
    const again = await runWell(`pipeline ${WORDS}`, elsewhere);
    assertStringIncludes(again.stderr, "nothing to do");
    assertEquals(await submissionOf(join(elsewhere, "run")), right);
    const mended = Hashes.parse(JSON.parse(await Deno.readTextFile(path)));
    assertEquals(mended.hashes[first].sha256, kept.hashes[first].sha256);
  }));

Deno.test("predict --csv makes a name harmless that a spreadsheet would work out", async () => {
  const names = ["=cmd|x.jpg", "+1+1.jpg", "@SUM(1).jpg", "-2.jpg"];
  const [photo] = [...Deno.readDirSync(join(folder, "photos/test"))].filter(({ name }) => name.endsWith("1.jpg"));
  for (const name of names) await Deno.copyFile(join(folder, "photos/test", photo.name), join(folder, name));
  const { code, stdout, stderr } = await run(["predict", "--csv", "--run", "run", "--", ...names], folder);
  assertEquals(code, 0, stderr);
  const rows = stdout.trimEnd().split(/\r?\n/).slice(1);
  assertEquals(rows.map((row) => row.split(",")[0]), names.map((name) => `'${name}`));
});
