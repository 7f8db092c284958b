import { fromFileUrl, join } from "@std/path";
import { assertEquals } from "@std/assert";
import { inFolder } from "../pipeline/in_folder.ts";

const SCRIPT = fromFileUrl(new URL("../../bench/gpu.sh", import.meta.url));

/** Says what it was called with, and fails at what is told of WRONG. */
const NPX = `#!/bin/sh
echo "$@"
case "$*" in *"$WRONG"*) exit 3;; esac
`;

// It asked for `deno` on the PATH, where a machine with a GPU has Node at most.
Deno.test("gpu.sh needs no deno, checks before it times, and tells of what failed when all of it ran", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "npx"), NPX, { mode: 0o755 });
    for (const tool of ["bash", "dirname"]) await Deno.symlink(await whereIs(tool), join(folder, tool));
    for (const [wrong, expected] of [["nothing", 0], ["correctness", 3], ["bench --only", 3], ["layers", 3]] as const) {
      const { code, stdout } = await new Deno.Command(join(folder, "bash"), {
        args: [SCRIPT, "--weights", "a folder"],
        env: { PATH: folder, WRONG: wrong },
        clearEnv: true,
      }).output();
      const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
      assertEquals(code, expected, wrong);
      assertEquals(lines.map((line) => line.split(" ").slice(0, 5).join(" ")), [
        "--yes deno@2.9.6 run -A tests/bench/webgpu/correctness.ts",
        "--yes deno@2.9.6 task bench --only",
        "--yes deno@2.9.6 run -A tests/bench/webgpu/layers.ts",
      ]);
      assertEquals(lines[1].endsWith(" --runs 15 --weights a folder"), true);
    }
  }));

async function whereIs(tool: string): Promise<string> {
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `command -v ${tool}`] }).output();
  return new TextDecoder().decode(stdout).trim();
}
