import { dirname, fromFileUrl, join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { COMMANDS } from "../../../pipeline/commands/options/options.ts";
import { filesBelow, run } from "../command_line.ts";
import { drawSmall, overSmall } from "../small_run.ts";
import { taskFlags } from "../task_flags.ts";

const MAIN = fromFileUrl(new URL("../../../main.ts", import.meta.url));

/** What a program that is run as a task is may do. */
async function grantedTo(task: string): Promise<string[]> {
  const script = fromFileUrl(new URL("permissions.ts", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: [...taskFlags(task), script] }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  return z.array(z.string()).parse(JSON.parse(new TextDecoder().decode(stdout)));
}

const LIBRARIES = "libraries of node_modules/";

Deno.test("a task runs no program, reaches no network but for weights and its own machine for studio, and writes only if it has to", async () => {
  for (const task of Object.keys(COMMANDS)) {
    const expected = task === "weights"
      ? ["network", "this machine", "write weights/", LIBRARIES]
      : task === "studio"
      ? ["this machine", "write runs/", LIBRARIES]
      : task === "status"
      ? [LIBRARIES]
      : ["write runs/", LIBRARIES];
    assertEquals(await grantedTo(task), expected, task);
  }
});

/** Runs a line of shell. */
async function shell(line: string, folder: string): Promise<{ code: number; stderr: string }> {
  const { code, stderr } = await new Deno.Command("sh", { args: ["-c", line], cwd: folder, env: { NO_COLOR: "1" } })
    .output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

/** Runs the program with the permissions of its task and no more. */
async function asTask(words: readonly string[], folder: string): Promise<{ code: number; stderr: string }> {
  const args = [...taskFlags(words[0]), MAIN, ...words];
  const { code, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: folder, env: { NO_COLOR: "1" } })
    .output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}

Deno.test("a command that is to write elsewhere says in one line what to type, before it writes anything", () =>
  inFolder(async (folder) => {
    await drawSmall(folder);
    const before = await filesBelow(folder);
    for (const out of ["my run", "it's,mine"]) {
      for (
        const words of [
          [...overSmall("pipeline", "OUT").split(" ")],
          [..."stage scan --data photos --weights mini --out OUT".split(" ")],
          [..."evaluate --data photos --weights mini --out OUT".split(" ")],
          [..."sample --out OUT".split(" ")],
        ].map((words) => words.map((word) => word === "OUT" ? out : word))
      ) {
        const { code, stderr } = await asTask(words, folder);
        assertEquals(code, 1, stderr);
        assertMatch(stderr, /^error: Cannot write into [^\n]*: expected a folder below [^\n]*runs\/, [^\n]*\n$/);
        assertStringIncludes(stderr, out.includes(",") ? "one without a comma" : "'--allow-write=runs,my run'");
        assertEquals(await filesBelow(folder), before);
      }
    }
  }));

Deno.test({
  name: "what a command says to type lets it write elsewhere, and export as well",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inFolder(async (folder) => {
      await drawSmall(folder);
      const path = `PATH="${dirname(Deno.execPath())}:$PATH"`;
      for (const words of [overSmall("pipeline", "it's"), "export --run it's --to net"]) {
        const { stderr } = await asTask(words.split(" "), folder);
        const [, line] = /allow this one: (.*)\n$/.exec(stderr) ?? [];
        const ended = await shell(`${path} ${line}`, folder);
        assertEquals(ended.code, 0, ended.stderr);
      }
      const names = (await filesBelow(folder)).map((file) => file.slice(folder.length + 1));
      for (const name of ["it's/report/report.html", "net/classifier.onnx"]) assert(names.includes(name), `${names}`);
      // What is only read may lie anywhere.
      for (
        const words of ["status --out it's", "pipeline --out it's --dry-run", "predict photos/test/1.jpg --run it's"]
      ) {
        const { code, stderr } = await asTask(words.split(" "), folder);
        assertEquals(code, 0, stderr);
      }
    }),
});

/** Where Deno keeps its own cache. */
async function denoFolder(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return z.object({ denoDir: z.string() }).parse(JSON.parse(new TextDecoder().decode(stdout))).denoDir;
}

Deno.test("a run leaves nothing in the user's home: native libraries keep no records of their own there", () =>
  inFolder(async (folder) => {
    await drawSmall(folder);
    const [home, cache] = [join(folder, "home"), join(folder, "home/.cache")];
    await Deno.mkdir(cache, { recursive: true });
    const env = { HOME: home, XDG_CACHE_HOME: cache, XDG_DATA_HOME: home, DENO_DIR: await denoFolder() };
    const { code, stderr } = await run(overSmall("pipeline").split(" "), folder, env);
    assertEquals(code, 0, stderr);
    // A graphics driver keeps its shaders there, and Deno asks it for a device.
    const left = (await filesBelow(home)).filter((path) => !path.includes("mesa_shader_cache"));
    assertEquals(left, []);
  }));
