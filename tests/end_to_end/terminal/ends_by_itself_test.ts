import { fromFileUrl, join } from "@std/path";
import { assertEquals } from "@std/assert";
import { zipFile } from "../../integration/data/source/zip_file.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, filesBelow } from "../command_line.ts";
import { overSmall, runSmall } from "../small_run.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

/** How long a program whose result is printed may go on before it counts as one that never ends. */
const PATIENCE_MILLISECONDS = 60_000;

/** The signal that ended a command, where it went on and on after its result. */
async function endedBy(words: string, folder: string): Promise<Deno.Signal | null> {
  const child = command(words.split(" "), folder).spawn();
  const errors = new Response(child.stderr).text();
  const output = child.stdout.getReader();
  const { done } = await output.read();
  assertEquals(done, false, `${words} prints a result: ${done ? await errors : ""}`);
  const impatience = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MILLISECONDS);
  while (!(await output.read()).done);
  const { signal } = await child.status;
  clearTimeout(impatience);
  await errors;
  return signal;
}

Deno.test("every command ends by itself once its result is printed, whatever engine it has used", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    const photos = (await filesBelow(join(folder, "photos", "test"))).slice(0, 2);
    await Deno.writeFile(
      join(folder, "photos.zip"),
      zipFile(
        await Promise.all(photos.map(async (path, k) => ({ name: `${k}.jpg`, bytes: await Deno.readFile(path) }))),
      ),
    );
    for (
      const words of [
        overSmall("pipeline --force"),
        "status --check --out run",
        "evaluate --out run --folds 2",
        "predict photos.zip photos/test --run run",
        "predict photos.zip --run run --backend wasm",
        "predict photos.zip --run run --backend cpu",
        "export --run run",
        "sample --out sample",
      ]
    ) assertEquals(await endedBy(words, folder), null, words);
  }));

// A program that is ended on the way hides what it has left open.
Deno.test("nothing ends the program but its own end", async () => {
  const ending: string[] = [];
  for (const room of ["data", "model", "pipeline"]) {
    for (const path of (await filesBelow(join(ROOT, room))).filter((path) => path.endsWith(".ts"))) {
      if (/\b(Deno|process)\.exit\(/.test(await Deno.readTextFile(path))) ending.push(path);
    }
  }
  if (/\bDeno\.exit\(/.test(await Deno.readTextFile(join(ROOT, "main.ts")))) ending.push("main.ts");
  assertEquals(ending, []);
});
