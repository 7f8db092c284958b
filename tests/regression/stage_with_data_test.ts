import { assertEquals } from "@std/assert";
import { runToGoOnWith } from "../../pipeline/commands/runs/open_run.ts";
import { COMMANDS } from "../../pipeline/commands/options/options.ts";
import { readArguments } from "../../pipeline/commands/options/read_arguments.ts";

// `stage scan --data DIR` put the photos into the latest run, which may be the sample's.
Deno.test("stage --data goes on with the run on one's own photos, as pipeline --data does", async () => {
  const run = (words: string) => runToGoOnWith(readArguments(COMMANDS.stage, words.split(" ")));
  assertEquals(await run("scan --data photos/train"), "runs/photos-train");
  assertEquals(await run("scan --data photos/train --out runs/real"), "runs/real");
});
