import { join } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder } from "../integration/pipeline/in_folder.ts";
import { runWell } from "./command_line.ts";
import { overSmall, runSmall } from "./small_run.ts";

/** Fails for a line that does not fit a terminal. */
function assertFits(text: string): void {
  for (const line of text.split("\n")) assert(line.length <= 80, `${line.length} columns: ${line}`);
}

Deno.test("deno task report prints the page's path, and tables fit 80 columns: status, plan and summary", () =>
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
  }));
