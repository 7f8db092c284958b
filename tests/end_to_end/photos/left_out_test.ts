import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { runWell } from "../command_line.ts";
import { manifestOf } from "../run_files.ts";
import { drawSmall, overSmall } from "../small_run.ts";

// Whoever reads one of them alone is to know what else lay there.
Deno.test("summary, status, report and evaluate account for every file among the photos", () =>
  inFolder(async (folder) => {
    await drawSmall(folder);
    const train = join(folder, "photos/train");
    for (const name of ["clip.mov", "notes.txt", "more.txt"]) await Deno.writeTextFile(join(train, name), name);
    await Deno.copyFile(join(train, "cat.2.jpg"), join(train, "bird.jpg"));
    await Deno.mkdir(join(train, "empty"));
    const told = "1 video (clip.mov), 2 other files (more.txt, notes.txt), 1 empty folder (empty)";
    const oneLine = (text: string) => text.replaceAll(/\s+/g, " ");

    const { stdout } = await runWell(overSmall("pipeline"), folder);
    assertStringIncludes(oneLine(stdout), `left out ${told}`);
    assertStringIncludes(oneLine((await runWell("status --out run", folder)).stdout), "left out 3");

    const report = await Deno.readTextFile(join(folder, "run/report/report.html"));
    for (const words of ["1 video</summary>", "<li>clip.mov</li>", "2 other files</summary>", "<li>notes.txt</li>"]) {
      assertStringIncludes(report, words);
    }

    const evaluated = await runWell("evaluate --out run --folds 3", folder);
    assertStringIncludes(evaluated.stderr, `left out beside the training photos: ${told}\n`);
    const line = /^not evaluated: (.*)$/m.exec(evaluated.stderr)?.[1] ?? "";
    assertMatch(line, /too small, .*unreadable, 1 without a label$/);
    const [photos] = /^\d+/.exec(evaluated.stdout) ?? ["0"];
    const others = [...line.matchAll(/\d+/g)].reduce((sum, [count]) => sum + Number(count), 0);
    const { counts } = await manifestOf(join(folder, "run"), "scan");
    const files = [...Deno.readDirSync(train)].filter(({ isFile }) => isFile).length;
    assertEquals(Number(photos) + others + counts["left out"], files);
  }));
