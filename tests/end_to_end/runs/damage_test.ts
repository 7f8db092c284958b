import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { run, runWell } from "../command_line.ts";
import { Answer, damage } from "./damage.ts";
import { manifestOf, shardsOf, stagesRun } from "../run_files.ts";
import { overSmall, runSmall } from "../small_run.ts";

/** How many damaged files are tried; more when asked for, to take an hour over it. */
const CASES = Number(Deno.env.get("DAMAGE_CASES") ?? 16);
const SEED = Number(Deno.env.get("DAMAGE_SEED") ?? 0);

const folder = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
const out = join(folder, "run");
const submission = join(out, "predict/submission.csv");
let right: string;

Deno.test.beforeAll(async () => {
  await runSmall(folder);
  right = await Deno.readTextFile(submission);
});

/** Flips a bit of a file and leaves its size and time. */
const flip = (file: string) => damage(join(out, file), "one bit", "", 0.9);

const changedFiles = async () =>
  (await run(["status", "--check", "--out", "run"], folder)).stdout.split("\n")
    .flatMap((line) => /^run\/(\S+) was changed$/.exec(line)?.[1] ?? []);

Deno.test("a damaged submission is written again, though its size and time are as they were", async () => {
  await flip("predict/submission.csv");
  assertEquals(await changedFiles(), ["predict/submission.csv"]);
  const { stderr } = await runWell(overSmall("pipeline"), folder);
  assertStringIncludes(stderr, "predict (its output submission.csv was changed)");
  assertEquals(await Deno.readTextFile(submission), right);
});

Deno.test("predict and export refuse a damaged classifier in one line, and what the line says mends it", async () => {
  const photo = "photos/test/1.jpg";
  const before = await runWell(`predict ${photo} --run run`, folder);
  await flip("finetune/state.safetensors");
  for (const words of [["predict", photo, "--run", "run"], ["export", "--run", "run", "--to", "exported"]]) {
    const { code, stderr } = await run(words, folder);
    assertEquals(code, 1);
    assertMatch(
      stderr,
      /^error: Cannot use run\/finetune\/state.safetensors: .*deno task stage finetune --out run .*\n$/,
    );
  }
  await runWell("stage finetune --out run", folder);
  assertEquals((await runWell(`predict ${photo} --run run`, folder)).stdout, before.stdout);
});

Deno.test("a damaged shard is noticed when it is read, and costs its own rows alone", async () => {
  const [shard] = await shardsOf(out);
  await damage(join(folder, shard), "one bit", "", 0.9);
  const changedNow = (await run(["status", "--check", "--out", "run"], folder)).stdout;
  assertStringIncludes(changedNow, `\n${shard} was changed\n`);
  const { stderr } = await runWell(`${overSmall("pipeline")} --clip 0.004`, folder);
  assertStringIncludes(stderr, `${shard} is not what was written`);
  assertEquals(stagesRun(stderr), ["transform", "predict", "report"]);
  const { counts } = await manifestOf(out, "transform");
  assert(counts.computed > 0 && counts.computed < counts.photos, `computed ${counts.computed} of ${counts.photos}`);
  await runWell(`${overSmall("pipeline")} --clip 0.005`, folder);
  assertEquals(await Deno.readTextFile(submission), right);
  assertEquals(await changedFiles(), []);
});

Deno.test("status --check finds a photo that was changed with its size and time kept, and writes nothing", async () => {
  const photo = join(folder, "photos/train/cat.0.jpg");
  const bytes = await Deno.readFile(photo);
  const { mtime } = await Deno.stat(photo);
  await damage(photo, "one bit", "", 0.9);
  const { code, stdout, stderr } = await run(["status", "--check", "--out", "run"], folder);
  assertEquals(code, 1);
  assertStringIncludes(stdout, "cat.0.jpg of the train photos was changed");
  assertMatch(stderr, /^error: Cannot vouch for run: expected all as it was, got 1 change.*\n$/);
  await Deno.writeFile(photo, bytes);
  if (mtime) await Deno.utime(photo, mtime, mtime);
  const well = await runWell("status --check --out run", folder);
  assertStringIncludes(well.stdout, "all is as it was");
});

Deno.test("every file of a run, damaged in every way, gives the right result or one clear line", async () => {
  const script = fromFileUrl(new URL("damage.ts", import.meta.url));
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script, String(SEED), String(CASES)],
    cwd: folder,
    env: { NO_COLOR: "1" },
  });
  const { stdout, stderr } = await child.output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  assert(lines[0] !== "", new TextDecoder().decode(stderr));
  const answers = lines.map((line) => Answer.parse(JSON.parse(line)));
  assertEquals(answers.filter(({ wrong }) => wrong !== ""), []);
  assertEquals(answers.length >= Math.min(CASES, 100), true);
});
