import { dirname, fromFileUrl, join, relative } from "@std/path";
import { assertEquals } from "@std/assert";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** A file longer than this holds more than one idea. */
const MAXIMUM_LINES = 300;

/** What the code in each part may import from besides itself and libraries. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  "main.ts": ["pipeline"],
  pipeline: ["model", "data", "deno.json"],
  model: [],
  data: [],
};

/** A module that a file imports, statically or not. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g;

/** Folders without source of ours. */
const PASSED_OVER = ["node_modules", "runs"];

/** Paths of the project's TypeScript files, from the root. */
async function sourceFiles(folder = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(ROOT, folder))) {
    const path = join(folder, name);
    if (!isDirectory && name.endsWith(".ts")) paths.push(path);
    if (isDirectory && !name.startsWith(".") && !PASSED_OVER.includes(path)) paths.push(...await sourceFiles(path));
  }
  return paths.sort();
}

const partOf = (path: string) => path.split("/")[0];

/** The project's own files that a file imports, from the root. */
function importsOf(path: string, text: string): string[] {
  const imported = [...text.matchAll(IMPORT)].map(([, module]) => module).filter((module) => module.startsWith("."));
  return imported.map((module) => relative(ROOT, join(ROOT, dirname(path), module)));
}

Deno.test("importsOf() finds every kind of import", () => {
  const text = `import a from "./a.ts";\nimport {\n  type B,\n} from "../model/b.ts";\nimport "./c.ts";
export * from "./d.ts";\nawait import("./e.ts");\nimport z from "zod";`;
  assertEquals(importsOf("data/x.ts", text), ["data/a.ts", "model/b.ts", "data/c.ts", "data/d.ts", "data/e.ts"]);
});

Deno.test("imports go one way: main, pipeline, then model and data, which do not know each other", async () => {
  const wrong: string[] = [];
  for (const path of await sourceFiles()) {
    const allowed = MAY_IMPORT[partOf(path)];
    if (!allowed) continue;
    for (const imported of importsOf(path, await Deno.readTextFile(join(ROOT, path)))) {
      const part = partOf(imported);
      if (part !== partOf(path) && !allowed.includes(part)) wrong.push(`${path} imports ${imported}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("nothing imports main.ts", async () => {
  const wrong: string[] = [];
  for (const path of await sourceFiles()) {
    if (importsOf(path, await Deno.readTextFile(join(ROOT, path))).includes("main.ts")) wrong.push(path);
  }
  assertEquals(wrong, []);
});

Deno.test(`no file is longer than ${MAXIMUM_LINES} lines`, async () => {
  const long: string[] = [];
  for (const path of await sourceFiles()) {
    const lines = (await Deno.readTextFile(join(ROOT, path))).split("\n").length;
    if (lines > MAXIMUM_LINES) long.push(`${path} has ${lines}`);
  }
  assertEquals(long, []);
});
