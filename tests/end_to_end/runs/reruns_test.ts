import { join } from "@std/path";
import { assert, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { RescannedPhotos } from "../../../pipeline/outliers/outliers.ts";
import { STAGE_NAMES } from "../../../pipeline/runner/stage.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { runWell } from "../command_line.ts";
import { copyFolder, manifestOf, outputOf, stagesRun, submissionOf } from "../run_files.ts";
import { runSmall } from "../small_run.ts";

const finished = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(finished, { recursive: true }));
Deno.test.beforeAll(() => runSmall(finished));

/** Does something to a finished run, on a copy of it: `run` in the folder that is given. */
const onCopy = (test: (folder: string, out: string) => Promise<void>) =>
  inFolder(async (folder) => {
    await copyFolder(finished, folder);
    await test(folder, join(folder, "run"));
  });

const Status = z.object({
  run: z.string(),
  stages: z.array(z.object({
    stage: z.enum(STAGE_NAMES),
    state: z.enum(["up to date", "out of date", "not run"]),
    reason: z.string(),
    seconds: z.number(),
    backend: z.string().nullable(),
    counts: z.record(z.string(), z.number()),
  })),
});

async function statesIn(folder: string): Promise<[stage: string, state: string][]> {
  const { stdout } = await runWell("status --json --out run", folder);
  return Status.parse(JSON.parse(stdout)).stages.map(({ stage, state }) => [stage, state]);
}

/** The rows of a plan: each stage with what would be done and why. */
function planOf(stdout: string): Map<string, { plan: string; why: string }> {
  const rows = stdout.trimEnd().split("\n").slice(2);
  return new Map(rows.map((row) => {
    const [stage, plan, ...why] = row.trim().split(/\s+/);
    return [stage, { plan, why: why.join(" ") }];
  }));
}

const UP_TO_DATE = STAGE_NAMES.map((stage): [string, string] => [stage, "up to date"]);

Deno.test("status --json tells every stage's state, time, backend and counts", async () => {
  const { stdout } = await runWell("status --json --out run", finished);
  const { run, stages } = Status.parse(JSON.parse(stdout));
  assertEquals(run, "run");
  assertEquals(stages.map(({ stage, state, reason }) => [stage, state, reason]), UP_TO_DATE.map((row) => [...row, ""]));
  for (const { stage, seconds, backend, counts } of stages) {
    const manifest = await manifestOf(join(finished, "run"), stage);
    assertEquals({ seconds, backend, counts }, {
      seconds: manifest.seconds,
      backend: manifest.backend,
      counts: manifest.counts,
    });
  }
});

Deno.test("stage finetune --force runs that stage alone, and what follows only if its result changed", () =>
  onCopy(async (folder, out) => {
    const before = await manifestOf(out, "finetune");
    const { stderr } = await runWell("stage finetune --force --out run", folder);
    assertEquals(stagesRun(stderr), ["finetune"]);
    assertStringIncludes(stderr, "finetune (asked for by --force)");
    const after = await manifestOf(out, "finetune");
    assertNotEquals(after.started, before.started);
    const contents = ({ outputs }: typeof after) => outputs.map(({ file, sha256 }) => [file, sha256]);
    assertEquals(contents(after), contents(before), "the same seed gives the same result, bit for bit");
    assertEquals(await statesIn(folder), UP_TO_DATE);
  }));

Deno.test("a lost or changed output makes its stage run again, and none that reads the same as before", () =>
  onCopy(async (folder, out) => {
    await Deno.remove(join(out, "split/output.json"));
    await Deno.writeTextFile(join(out, "predict/submission.csv"), "id,label\n1,1\n");
    const dry = await runWell("pipeline --dry-run --out run", folder);
    assertEquals(planOf(dry.stdout).get("split"), { plan: "run", why: "its output output.json is gone" });
    const { stderr } = await runWell("pipeline --out run", folder);
    assertStringIncludes(stderr, "predict (its output submission.csv was changed)");
    assertEquals(stagesRun(stderr), ["split", "predict"]);
    assertEquals(await submissionOf(out), await submissionOf(join(finished, "run")));
  }));

Deno.test("--dry-run with another --clip says that predict and report alone would run, and changes nothing", () =>
  onCopy(async (folder, out) => {
    const settings = await Deno.readTextFile(join(out, "config.json"));
    const { stdout } = await runWell("pipeline --out run --clip 0 --dry-run", folder);
    const plan = planOf(stdout);
    assertEquals([...plan.keys()], [...STAGE_NAMES]);
    assertEquals([...plan].filter(([, { plan }]) => plan === "run"), [
      ["predict", { plan: "run", why: "clip was 0.005 and is now 0" }],
      ["report", { plan: "run", why: "clip was 0.005 and is now 0" }],
    ]);
    assertEquals(await Deno.readTextFile(join(out, "config.json")), settings);
    assertEquals(await statesIn(folder), UP_TO_DATE);

    const { stderr } = await runWell("pipeline --out run --clip 0", folder);
    assertEquals(stagesRun(stderr), ["predict", "report"]);
    const { rows } = await submissionOf(out);
    assert(rows.some(({ label }) => label < 0.005 || label > 0.995), "predictions are left as they are");
  }));

Deno.test("another --seed keeps what does not depend on it", () =>
  onCopy(async (folder) => {
    const { stdout } = await runWell("pipeline --out run --seed 1 --dry-run", folder);
    const plan = planOf(stdout);
    for (const stage of ["scan", "trim", "filter", "transform"]) {
      assertEquals(plan.get(stage), { plan: "keep", why: "" });
    }
    assertEquals(plan.get("split"), { plan: "run", why: "seed was 0 and is now 1" });
    assertEquals(plan.get("predict")?.plan, "run");
  }));

Deno.test("more photos to predict are predicted without training again", () =>
  onCopy(async (folder, out) => {
    const before = await submissionOf(out);
    const { clean: [known] } = await outputOf(out, "rescan", RescannedPhotos);
    await Deno.copyFile(join(folder, "photos/train", known), join(folder, "photos/test/900.jpg"));
    const { stderr } = await runWell("pipeline --out run", folder);
    assertEquals(stagesRun(stderr), ["scan", "trim", "transform", "predict", "report"]);
    assertEquals((await manifestOf(out, "transform")).counts.computed, 0, "the same content has been seen before");
    const { rows } = await submissionOf(out);
    assertEquals(rows.filter(({ id }) => id !== "900"), before.rows);
    assertEquals(rows.length, before.rows.length + 1);
    assertEquals(await statesIn(folder), UP_TO_DATE);
  }));
