import { dirname, join } from "@std/path";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, filesBelow, run, runWell } from "../command_line.ts";
import { manifestOf, shardsOf } from "../run_files.ts";
import { overSmall, runSmall } from "../small_run.ts";

// Begun at once, with no run and no cache there yet: one of them scans, and the others wait for it.
Deno.test("parts that are begun at once, one of them killed and begun again, end in the bytes of one process", () =>
  inFolder(async (folder) => {
    await runSmall(folder, { out: "undivided" });
    // What it has computed would be taken by the parts.
    await Deno.remove(join(folder, "runs"), { recursive: true });
    const part = (number: number) => `${overSmall("stage transform")} --part ${number}/3`;
    const killed = command(part(1).split(" "), folder).spawn();
    const others = [2, 3].map((number) => run(part(number).split(" "), folder));
    const note = join(folder, "run/parts/1-of-3.json");
    while (!(await Deno.readTextFile(note).catch(() => "")).includes("running")) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    killed.kill("SIGKILL");
    await killed.output();
    for (const { code, stderr } of await Promise.all(others)) assertEquals(code, 0, stderr);

    const parts = async () => {
      const { stdout } = await runWell("status --out run", folder);
      for (const line of stdout.split("\n")) assert(line.length <= 80, line);
      return stdout.slice(stdout.indexOf("\npart ")).replaceAll(/ +/g, " ");
    };
    assertMatch(await parts(), /\n1\/3 stopped \S+ ?\n2\/3 done \S+ photos (\d+), computed \1\n3\/3 done \S+ photos /);
    const left = (await filesBelow(join(folder, "run/transform")).catch(() => [])).map((path) =>
      path.slice(folder.length)
    );
    assertEquals(left, [], "a part writes nothing into the stage");
    const again = await runWell(part(1), folder);
    assertMatch(again.stderr, /did part 1\/3 of transform in \S+: photos \d+, computed \d+\n/);
    assertMatch(await parts(), /\n1\/3 done /);
    assertMatch((await runWell(part(2), folder)).stderr, /photos \d+, computed 0\n/);

    await runWell("pipeline --out run", folder);
    const { counts } = await manifestOf(join(folder, "run"), "transform");
    assertEquals(counts.computed, 0);
    const submission = (out: string) => Deno.readTextFile(join(folder, out, "predict/submission.csv"));
    assertEquals(await submission("run"), await submission("undivided"));
    assertEquals((await runWell("status --out run", folder)).stdout.includes("part "), false);
  }));

Deno.test("a part that fails says so in status, and one that is refused leaves the run as it was", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    const before = await filesBelow(join(folder, "run"));
    const refused = await run("stage transform --out run --data photos/test --part 1/2".split(" "), folder);
    assertMatch(refused.stderr, /^error: Cannot /m);
    assertEquals(await filesBelow(join(folder, "run")), before);

    const set = dirname((await shardsOf(join(folder, "run")))[0]);
    await runWell("cache --keep 0MB", folder);
    await Deno.mkdir(join(folder, set), { recursive: true });
    await Deno.writeTextFile(join(folder, set, "claims"), "somebody's");
    const { code, stderr } = await run("stage transform --out run --part 1/2".split(" "), folder);
    assertEquals(code, 1);
    assertMatch(stderr, /^error: Cannot use runs\/\.features\/\S+\/claims: expected a folder of a cache/m);
    const { stdout } = await runWell("status --out run --json", folder);
    const [{ state, problem }] = JSON.parse(stdout).parts;
    assertEquals([state, `error: ${problem}`], ["failed", stderr.trimEnd().split("\n").at(-1)]);
  }));
