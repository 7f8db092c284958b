import { fromFileUrl, join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { type Ended, runWell } from "../command_line.ts";
import { drawSmall } from "../small_run.ts";
import { snippetText } from "./snippets.ts";

const ROOT = fromFileUrl(new URL("../../../", import.meta.url));

/** Runs a program in a folder that has nothing to do with the repository but a link to it. */
async function runProgram(program: string, words: readonly string[], folder: string): Promise<Ended> {
  const file = join(folder, "program.ts");
  await Deno.writeTextFile(file, program);
  // Types of the whole program are checked with it; once is enough.
  const check = program.includes("runPipeline") ? "--check" : "--no-check";
  const args = ["run", "-A", "--quiet", check, file, ...words];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: folder,
    env: { NO_COLOR: "1" },
  }).output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

Deno.test("a stranger's programs of docs/library.md run, open, predict and read, and nothing else can be imported", async () => {
  await inFolder(async (folder) => {
    await drawSmall(folder);
    const config = (await snippetText("library.md", "json config")).replace("../cats-or-dogs", ROOT);
    await Deno.writeTextFile(join(folder, "deno.json"), config);
    const snippet = async (name: string, ...words: string[]) => {
      const ended = await runProgram(await snippetText("library.md", `ts ${name}`), words, folder);
      assertEquals(ended.code, 0, ended.stderr);
      return ended;
    };

    const ran = await snippet("run");
    assertMatch(
      ran.stdout,
      /^scan trim filter split transform train rescan finetune predict report runs\/pets\/predict/,
    );
    assertStringIncludes(ran.stderr, "runs/pets: ran scan");
    assertMatch((await snippet("run")).stdout, /^ runs\/pets/, "nothing is out of date");

    const photos = ["photos/test/1.jpg", "photos/test/2.jpg"];
    const answers = (await snippet("predict", ...photos, "photos/none.jpg")).stdout.trimEnd().split("\n");
    const told = new Map(answers.map((line): [string, string] => [line[0], line.slice(2)]));
    const { stdout } = await runWell(`predict --run runs/pets --csv ${photos.join(" ")}`, folder);
    const expected = stdout.trimEnd().split("\n").slice(1).map((line) => line.split(",")[1]);
    assertEquals([told.get("0"), told.get("1")], expected);
    assertStringIncludes(told.get("2") ?? "", "nothing there");
    assertEquals(told.get("3"), expected[0], "the same photo by its bytes");
    assertMatch(told.get("4") ?? "", /^[01]\.\d{6}$/);

    assertMatch((await snippet("features")).stdout, /^\S+ (\d+) 3x\1\n$/);

    const inside = await runProgram(`import "@cats-or-dogs/pipeline/pipeline/mod.ts";`, [], folder);
    assert(inside.code !== 0);
    const empty = await runProgram(
      `import { openClassifier } from "@cats-or-dogs/pipeline"; await openClassifier("nowhere");`,
      [],
      folder,
    );
    assertStringIncludes(empty.stderr, "UserError: Cannot open nowhere: expected the folder of a run, got none");
  });
});

Deno.test("what the library exports is documented, and could be published", async () => {
  for (const words of [["doc", "--lint", "pipeline/library/mod.ts"], ["publish", "--dry-run", "--allow-dirty"]]) {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), { args: words, cwd: ROOT, stdout: "null" })
      .output();
    assert(success, `deno ${words.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
});
