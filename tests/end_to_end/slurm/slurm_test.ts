import { join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { isOfPart } from "../../../pipeline/features/cache/row_claims.ts";
import { readShardContents } from "../../../pipeline/features/store/feature_shard.ts";
import { writerOfShard } from "../../../pipeline/features/store/shard_names.ts";
import type { PartState } from "../../../pipeline/parts/part_states.ts";
import type { Part } from "../../../pipeline/runner/stage.ts";
import { USUAL_CACHE } from "../../../pipeline/settings/config.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { filesBelow, run } from "../command_line.ts";
import { manifestOf } from "../run_files.ts";
import { runSample } from "../sample_run.ts";
import { drawSmall } from "../small_run.ts";
import { Cluster, noSlurm } from "./cluster.ts";

const reason = await noSlurm();

const PARTS = [1, 2, 3, 4].map((number): Part => ({ number, of: 4 }));

/** Long enough for a job on a machine that does other work as well. */
const JOB_MILLISECONDS = 200_000;

/** Runs a test beside a Slurm of its own. */
function withCluster(test: (folder: string, cluster: Cluster) => Promise<void>): () => Promise<void> {
  return () =>
    inFolder(async (place) => {
      await using cluster = await Cluster.start(place);
      await inFolder((folder) => test(folder, cluster));
    });
}

async function partsOf(folder: string, out = "run"): Promise<PartState[]> {
  const { code, stdout } = await run(["status", "--json", "--out", out], folder);
  assertEquals(code, 0);
  return JSON.parse(stdout).parts ?? [];
}

/** The numbers of the two jobs that a submission tells of. */
async function submitted(
  words: string,
  { out = "run", folder, cluster }: { readonly out?: string; readonly folder: string; readonly cluster: Cluster },
): Promise<{ job: string; rest: string }> {
  const { code, stdout, stderr } = await run([...words.split(" "), "--out", out], folder, cluster.env);
  assertEquals(code, 0, stderr);
  const [, job, rest] = /^job (\d+) .*\njob (\d+) /.exec(stdout) ?? [];
  for (const line of [`squeue --jobs ${job},${rest}`, `scancel ${job} ${rest}`, "deno task status --out "]) {
    assertStringIncludes(stdout, line);
  }
  return { job, rest };
}

/** The part of which there is a shard already. */
async function begunPart(folder: string): Promise<Part | undefined> {
  const files = await filesBelow(join(folder, USUAL_CACHE)).catch(() => []);
  for (const path of files.filter((path) => writerOfShard(path.split("/").at(-1) ?? "") !== undefined)) {
    const keys = readShardContents(path)?.keys;
    const part = keys && PARTS.find((part) => keys.every((key) => isOfPart(key, part)));
    if (part) return part;
  }
  return undefined;
}

/** Kills the process of a part as a machine does that has no memory left. */
async function killPart({ number, of }: Part, folder: string): Promise<void> {
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const words = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    const place = await Deno.readLink(`/proc/${name}/cwd`).catch(() => "");
    if (place === await Deno.realPath(folder) && words.includes(`--part\0${number}/${of}\0`)) {
      Deno.kill(Number(name), "SIGKILL");
    }
  }
}

Deno.test({
  name:
    `four parts by Slurm, one killed, one put back as its node is drained, end in the bytes of one machine${reason}`,
  ignore: reason !== "",
  fn: withCluster(async (folder, cluster) => {
    await runSample(folder, "undivided");
    // What it has computed would be taken by the parts.
    await Deno.remove(join(folder, "runs"), { recursive: true });
    const { job, rest } = await submitted("slurm --parts 4 --cpus-per-task 1", { folder, cluster });

    let killed: Part | undefined;
    let jobs = await cluster.jobs();
    await cluster.until("a part has kept a shard", async () => {
      jobs = await cluster.jobs();
      killed = await begunPart(folder);
      // At once: the rest of it takes a second.
      if (killed) await killPart(killed, folder);
      return killed !== undefined;
    }, 60_000);
    assert(killed);
    const task = `${job}_${killed.number}`;
    const { node } = jobs.get(task) ?? { node: "" };
    const isBack = async (task: string) => (await cluster.jobs()).get(task)?.state === "PENDING";
    await cluster.until("it is queued again", () => isBack(task));
    const stopped = (await partsOf(folder)).find(({ part }) => part.number === killed?.number);
    assertEquals([stopped?.state, stopped?.log], ["stopped", `run/parts/${killed.number}-of-4.log`]);

    await cluster.do("scontrol", "update", `NodeName=${node}`, "State=DRAIN", "Reason=test");
    // What runs there goes elsewhere; it may end just then.
    const there = [...await cluster.jobs()].find(([, job]) => job.node === node && job.state === "RUNNING")?.[0];
    if (there) await cluster.do("scontrol", "requeue", there).catch(() => {});

    const isOver = async () => {
      await cluster.hurry();
      return !(await cluster.jobs()).has(rest);
    };
    await cluster.until("all jobs are over", isOver, JOB_MILLISECONDS);
    for (const again of [task, ...there ? [there] : []]) {
      const told = await cluster.do("scontrol", "show", "job", again);
      assertMatch(told, /JobState=COMPLETED/);
      if (again === task) assertMatch(told, / Restarts=1 /);
      assertEquals(told.includes(` NodeList=${node}\n`), false, told);
    }

    const submission = (run: string) => Deno.readTextFile(join(folder, run, "predict/submission.csv"));
    assertEquals(await submission("run"), await submission("undivided"));
    assertEquals((await manifestOf(join(folder, "run"), "transform")).counts.computed, 0);
    assertEquals(await partsOf(folder), [], "what is done is not told of");
    await Deno.remove(join(folder, "run/transform/manifest.json"));
    const parts = await partsOf(folder);
    assertEquals(parts.map(({ part, state }) => [part, state]), PARTS.map((part) => [part, "done"]));
    const { photos, computed } = parts.find(({ part }) => part.number === killed?.number)?.counts ?? {};
    assert(computed > 0 && computed < photos, `${computed} of ${photos}: it went on where it was`);
  }),
});

Deno.test({
  name: `a part that fails lets no submission out, and status says why${reason}`,
  ignore: reason !== "",
  fn: withCluster(async (folder, cluster) => {
    await drawSmall(folder);
    for (const node of ["a", "b"]) {
      await cluster.do("scontrol", "update", `NodeName=${node}`, "State=DRAIN", "Reason=test");
    }
    const words = "slurm --parts 1 --data photos --weights mini --backend onnx --time 5";
    // A name that a shell and Slurm would take for something else.
    const out = "it's 10%a";
    const refused = await run([...words.split(" "), "--partition", "none", "--out", "other"], folder, cluster.env);
    assertEquals(refused.code, 1);
    assertMatch(refused.stderr, /^error: Cannot submit: expected sbatch to take the job, got .*[Ii]nvalid partition/m);
    const { job, rest } = await submitted(`${words} --partition all`, { out, folder, cluster });
    assertEquals((await partsOf(folder, out)).map(({ state }) => state), ["waiting"]);
    await Deno.remove(join(folder, "photos/train"), { recursive: true });
    for (const node of ["a", "b"]) await cluster.do("scontrol", "update", `NodeName=${node}`, "State=RESUME");
    const isOver = async () => {
      await cluster.hurry();
      return (await cluster.jobs()).size === 0;
    };
    await cluster.until("all jobs are over", isOver, JOB_MILLISECONDS);
    assertMatch(await cluster.do("scontrol", "show", "job", rest), /JobState=CANCELLED/);
    assertMatch(await cluster.do("scontrol", "show", "job", `${job}_1`), /JobState=FAILED .* Restarts=2 /s);
    assertEquals(await Deno.stat(join(folder, out, "predict")).catch(() => undefined), undefined);
    for (const { state, problem, log } of await partsOf(folder, out)) {
      assertEquals(state, "failed");
      assertMatch(problem ?? "", /^Cannot /);
      assertStringIncludes(await Deno.readTextFile(join(folder, log ?? "")), `error: ${problem}`);
    }
  }),
});

Deno.test("what cannot be submitted is refused in a line before a run is begun", () =>
  inFolder(async (folder) => {
    await drawSmall(folder);
    const nowhere = { SLURM_CONF: join(folder, "none"), PATH: join(folder, "none") };
    for (
      const [words, problem] of [
        ["--parts 2", /^error: Cannot submit: expected Slurm('s sbatch here| to be set up here), got /m],
        ["--parts 0", /^error: Cannot use --parts 0: expected a whole number, 1 to 256$/m],
        ["--parts 257", /^error: Cannot use --parts 257: expected a whole number, 1 to 256$/m],
        ["", /^error: Cannot submit: expected the number of parts, got none\. Add one, like --parts 16$/m],
      ] as const
    ) {
      const all = `slurm --data photos --out run --weights mini ${words}`.trim().split(" ");
      const { code, stderr } = await run(all, folder, nowhere);
      assertEquals(code, 1, stderr);
      assertMatch(stderr, problem);
      assertEquals(await Deno.stat(join(folder, "run")).catch(() => undefined), undefined);
    }
  }));
