import { fromFileUrl } from "@std/path";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Ended } from "../command_line.ts";

const ROOT = fromFileUrl(new URL("../../..", import.meta.url));

/** Runs the benchmark as `deno task bench` does. */
async function bench(words: string): Promise<Ended> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "tests/bench/main.ts", ...words.split(" ")],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  });
  const { code, stdout, stderr } = await command.output();
  return { code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** The cells of a table's rows, by heading. */
function rowsOf(stdout: string): Record<string, string>[] {
  const lines = stdout.split("\n").filter((line) => line.startsWith("|"));
  const [headings, , ...rows] = lines.map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  return rows.map((row) => Object.fromEntries(row.map((cell, k) => [headings[k], cell])));
}

Deno.test("deno task bench times each backbone on each engine after comparing it with PyTorch's golden output", async () => {
  const { code, stdout, stderr } = await bench("--quick --only backbones --engines onnx,onnx-int8,tfjs-wasm");
  assertEquals(code, 0, stderr + stdout);
  for (const line of ["--quick", "CPU: ", "Deno ", "onnxruntime-node ", "tfjs "]) assertStringIncludes(stdout, line);
  const rows = rowsOf(stdout);
  for (const engine of ["onnx", "onnx-int8", "tfjs-wasm"]) {
    for (const batch of [1, 2]) {
      for (const network of ["resnet50", "inception_v3", "both backbones"]) {
        const row = rows.find(({ work, by }) => work === `${network}, batch ${batch}` && by === engine);
        assert(row, `${network} on ${engine} in ${stdout}`);
        assertEquals(row.unit, "photos/s");
        assertEquals(row.runs, "2");
        assert(Number(row.median) > 0);
        const expected = network === "both backbones" ? "each as above" : " from the golden output";
        assertStringIncludes(row["compared before timing"], expected);
      }
    }
  }
});

Deno.test("deno task bench gives the same features from files as from decoded photos, and says what it leaves out", async () => {
  const { code, stdout, stderr } = await bench(
    "--quick --only photos,feed,transform,head,finetune --torch python3 --reference no-such-folder",
  );
  assertEquals(code, 0, stderr + stdout);
  assertStringIncludes(stdout, "Left out: PyTorch's rows (");
  assertStringIncludes(stdout, "0 from those decoded before");
  assertStringIncludes(stdout, "0 from those decoded on the main thread");
  const works = rowsOf(stdout).map(({ work }) => work);
  for (
    const work of [
      "decode and transform",
      "the main thread's time a photo",
      "transform, ",
      "an epoch of the write-up's head",
      "fine-tuning step",
    ]
  ) {
    assert(works.some((name) => name.startsWith(work)), `${work} in ${works}`);
  }
});

Deno.test("deno task bench runs the whole pipeline and judges it on photos that it did not learn from", async () => {
  const { code, stdout, stderr } = await bench("--quick --only pipeline,scale --limit 80 --sizes 60,90");
  assertEquals(code, 0, stderr + stdout);
  const rows = rowsOf(stdout);
  for (const by of ["--recipe writeup, one epoch of fine-tuning", "the default recipe", "--recipe own-sizes"]) {
    const row = rows.find((one) => one.by === by);
    assert(row, `${by} in ${stdout}`);
    assertEquals(row.work, "whole run, 80 photos to learn from, 20 to predict");
    assert(/clipped log loss 0\.\d+/.test(row["compared before timing"]), row["compared before timing"]);
  }
  assertStringIncludes(stdout, "forecast for 25000 + 12500 photos");
});

Deno.test("deno task bench refuses what it does not know, in one line", async () => {
  const { code, stdout, stderr } = await bench("--quik");
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "Did you mean --quick?");
  assertEquals(stderr.trimEnd().split("\n").length, 1);
});
