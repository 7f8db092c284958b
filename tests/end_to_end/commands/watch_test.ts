import { join } from "@std/path";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, run } from "../command_line.ts";
import { submissionOf } from "../run_files.ts";
import { drawSmall, overSmall } from "../small_run.ts";

Deno.test("--watch goes on when a photo or the review has changed, tells what is wrong, and ends by Ctrl-C", async () => {
  await inFolder(async (folder) => {
    await drawSmall(folder);
    const process = command([...overSmall("pipeline").split(" "), "--watch"], folder).spawn();
    const results = new Response(process.stdout).text();
    const lines = process.stderr.pipeThrough(new TextDecoderStream());
    let said = "";
    const reader = lines.getReader();
    /** Reads on until it watches, and gives what was said meanwhile. */
    const untilItWatches = async () => {
      const from = said.length;
      while (!said.slice(from).includes("run: watching its photos and run/review.json; Ctrl-C ends it\n")) {
        const { done, value } = await reader.read();
        if (done) throw new Error(`it ended: ${said}`);
        said += value;
      }
      return said.slice(from);
    };
    await untilItWatches();

    const added = join(folder, "photos/test/4711.jpg");
    await Deno.copyFile(join(folder, "photos/test/1.jpg"), added);
    const afterPhoto = await untilItWatches();
    assertStringIncludes(afterPhoto, "run: something has changed\n");
    assertStringIncludes(afterPhoto, "run: ran scan, trim, transform, predict, report in");
    const { rows } = await submissionOf(join(folder, "run"));
    const labelOf = (id: string) => rows.find((row) => row.id === id)?.label;
    assertEquals(labelOf("4711"), labelOf("1"));

    const review = join(folder, "run/review.json");
    await Deno.writeTextFile(review, `{ "drop": ["none.jpg"] }`);
    assertStringIncludes(await untilItWatches(), "error: Cannot follow");
    await Deno.writeTextFile(review, `{ "drop": ["cat.1.jpg"] }`);
    assertStringIncludes(await untilItWatches(), "run: ran split, train, rescan, finetune, predict, report in");

    process.kill("SIGINT");
    const rest = (async () => {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        said += value;
      }
    })();
    assertEquals((await process.status).code, 130);
    await rest;
    assertEquals((await results).match(/^validation /gm)?.length, 3, "a summary for each run that came to its end");

    const refused = await run([...overSmall("pipeline").split(" "), "--watch", "--dry-run"], folder);
    assertEquals(refused.code, 1);
    assertStringIncludes(refused.stderr, "Cannot use --dry-run and --watch together");
  });
});
