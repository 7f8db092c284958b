import { dirname, join } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { run, runWell } from "../command_line.ts";
import { overSmall, runSmall } from "../small_run.ts";

/** Fails for a line that does not fit a terminal. */
function assertFits(text: string): void {
  for (const line of text.split("\n")) assert(line.length <= 80, `${line.length} columns: ${line}`);
}

Deno.test("deno task report prints the page's path, and tables fit 80 columns: status, plan, summary, predictions, evaluation", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    const { stdout } = await runWell("stage report --out run", folder);
    assertEquals(stdout, `${join("run", "report", "report.html")}\n`);
    assert((await Deno.stat(join(folder, stdout.trim()))).isFile);

    const other = await runWell("stage predict --out run", folder);
    assertEquals(other.stdout, "");

    const summary = (await runWell(overSmall("pipeline"), folder)).stdout;
    assertFits(summary);
    assertStringIncludes(summary, "in brackets 95% intervals");
    assertFits((await runWell("status --out run", folder)).stdout);
    assertFits((await runWell(`${overSmall("pipeline")} --dry-run --seed 1 --clip 0.01`, folder)).stdout);
    assertFits((await runWell("pipeline --out a-sample --dry-run", folder)).stdout);

    const names = [
      `${"holiday-".repeat(12)}1.jpg`,
      join("albums/of/the/family/".repeat(5), "with a name of words.jpg"),
    ];
    for (const name of names) {
      await Deno.mkdir(join(folder, dirname(name)), { recursive: true });
      await Deno.copyFile(join(folder, "photos/test/1.jpg"), join(folder, name));
    }
    const predicted = await run(["predict", "--run", "run", ...names], folder);
    assertEquals(predicted.code, 0, predicted.stderr);
    assertFits(predicted.stdout);
    const letters = predicted.stdout.replace(/^photo.*|0\.\d{6}|\b(cat|dog)$|\s/gm, "");
    assertEquals(letters, names.join("").replaceAll(" ", ""));
    assertFits((await runWell("evaluate --out run --folds 3 --seed -2147483648", folder)).stdout);
  }));

Deno.test("the report of a finished run gives every stage's reason in the past tense", () =>
  inFolder(async (folder) => {
    const reasons = async () => {
      const page = await Deno.readTextFile(join(folder, "run/report/report.html"));
      return [...page.matchAll(/data-column="Reason">([^<]+)</g)].map(([, reason]) => reason);
    };
    await runSmall(folder);
    assertEquals(await reasons(), Array.from({ length: 9 }, () => "had not run yet"));
    await runWell(`${overSmall("pipeline")} --seed 1 --clip 0.01`, folder);
    const again = await reasons();
    assertEquals(again.slice(0, 3), Array.from({ length: 3 }, () => "nothing had changed"));
    assertStringIncludes(again[3], "seed had been 0 and became 1");
    await runWell(`${overSmall("pipeline")} --force`, folder);
    for (const reason of [...again, ...await reasons()]) assert(!/\b(is|has|now|runs|yet to)\b/.test(reason), reason);
  }));
