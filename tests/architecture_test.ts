import { dirname, fromFileUrl, join, relative } from "@std/path";
import { assertEquals } from "@std/assert";
import project from "../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** A file longer than this holds more than one idea. */
const MAXIMUM_LINES = 300;

/** The page whose first code block lists the rooms, the topmost first: a path, spaces, and what is in it. */
const ROOMS_PAGE = "docs/architecture.md";

/** Folders of TypeScript that the rooms are not about. */
const NOT_ROOMS = ["tests/"];

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

/** The rooms in order: folders end in a slash, a file may be a room of its own. */
async function readRooms(): Promise<string[]> {
  const page = await Deno.readTextFile(join(ROOT, ROOMS_PAGE));
  const [, table] = page.split("```\n");
  return table.trimEnd().split("\n").map((line) => line.split(" ")[0]);
}

/** The number of the room that a file is in: the one that says most of its path. */
function roomOf(path: string, rooms: readonly string[]): number | undefined {
  const holds = (room: string) => (room.endsWith("/") ? path.startsWith(room) && path !== room : path === room);
  const fitting = rooms.filter(holds).sort((a, b) => b.length - a.length);
  return fitting.length === 0 ? undefined : rooms.indexOf(fitting[0]);
}

const isInARoom = (path: string) => !NOT_ROOMS.some((start) => path.startsWith(start));

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

Deno.test("roomOf() finds the closest room", () => {
  const rooms = ["a/b.ts", "a/b/", "a/"];
  assertEquals(["a/b.ts", "a/b/c.ts", "a/c/d.ts", "e.ts"].map((path) => roomOf(path, rooms)), [0, 1, 2, undefined]);
});

Deno.test("every file is in a room, and every room has a file", async () => {
  const rooms = await readRooms();
  const files = (await sourceFiles()).filter(isInARoom);
  assertEquals(files.filter((path) => roomOf(path, rooms) === undefined), []);
  const used = new Set([...files, "deno.json"].map((path) => roomOf(path, rooms)));
  assertEquals(rooms.filter((_, room) => !used.has(room)), []);
});

Deno.test("a file imports from its own room and those below it alone", async () => {
  const rooms = await readRooms();
  const wrong: string[] = [];
  for (const path of (await sourceFiles()).filter(isInARoom)) {
    const room = roomOf(path, rooms) ?? Infinity;
    for (const imported of importsOf(path, await Deno.readTextFile(join(ROOT, path)))) {
      if ((roomOf(imported, rooms) ?? -1) < room) wrong.push(`${path} imports ${imported}`);
    }
  }
  assertEquals(wrong, []);
});

/** The room that both use. */
const SHARED = "data/base/";

Deno.test("model and data do not know each other", async () => {
  const wrong: string[] = [];
  for (const path of await sourceFiles()) {
    const other = path.startsWith("model/") ? "data/" : path.startsWith("data/") ? "model/" : undefined;
    if (other === undefined) continue;
    for (const imported of importsOf(path, await Deno.readTextFile(join(ROOT, path)))) {
      if (imported.startsWith(other) && !imported.startsWith(SHARED)) wrong.push(`${path} imports ${imported}`);
    }
  }
  assertEquals(wrong, []);
});

Deno.test("nothing but pipeline/mod.ts uses a stage", async () => {
  const wrong: string[] = [];
  for (const path of (await sourceFiles()).filter(isInARoom)) {
    if (path === "pipeline/mod.ts") continue;
    const stages = importsOf(path, await Deno.readTextFile(join(ROOT, path)))
      .filter((imported) => imported.startsWith("pipeline/stages/"));
    if (stages.length > 0) wrong.push(`${path} imports ${stages}`);
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

/** Who makes graphics cards, and what they call them. */
const GPU_NAMES = /\b(nvidia|geforce|amd|radeon|intel|apple|metal|qualcomm|adreno|mali|powervr|imagination)\b/i;

// What suits one card is measured, and what another cannot do its limits say.
Deno.test("no name of a GPU chooses anything", async () => {
  const naming: string[] = [];
  for (const path of (await sourceFiles()).filter((path) => path.startsWith("model/engines/"))) {
    const lines = (await Deno.readTextFile(join(ROOT, path))).split("\n");
    naming.push(...lines.filter((line) => GPU_NAMES.test(line)).map((line) => `${path}: ${line}`));
  }
  assertEquals(naming, []);
});

/** Rooms of tests that are laid out as the code is. */
const MIRRORS = ["tests/unit/", "tests/integration/"];

/** Tests of several files together, which no file of the code is named after, and what they look at. */
const TOGETHER: ReadonlyMap<string, string> = new Map([
  ["tests/integration/bench/gpu_sh_test.ts", "the script that measures a machine with a GPU"],
  ["tests/integration/data/real_photos_test.ts", "borders, hashes and duplicates of real photos"],
  ["tests/integration/data/source/photo_accounting_test.ts", "no file of a folder or zip file that is not told of"],
  ["tests/integration/model/engines/forward_test.ts", "every engine and network beside PyTorch's activations"],
  ["tests/integration/model/engines/webgpu/chromium/chromium_test.ts", "kernels in a browser, by another WebGPU"],
  ["tests/integration/model/engines/webgpu/limited_adapters_test.ts", "the engine on adapters that are not here"],
  ["tests/integration/model/networks/golden_shapes_test.ts", "every network beside PyTorch's shapes"],
  ["tests/integration/pipeline/weights/hostile_mirrors_test.ts", "fetching weights from servers that mean ill"],
  ["tests/integration/pipeline/weights/weights_ownership_test.ts", "fetching weights to where others' files are"],
  ["tests/unit/data/picture/normalise_test.ts", "the oracle of normalisation that tests compare engines with"],
  ["tests/unit/pipeline/photos/stability_test.ts", "the split and the folds when photos come, go or are renamed"],
]);

/** What a test of the mirrored tree is about: the path of a file without its ending, or of a room. */
function subjectOf(path: string): string | undefined {
  const mirror = MIRRORS.find((start) => path.startsWith(start));
  return mirror === undefined || !path.endsWith("_test.ts")
    ? undefined
    : path.slice(mirror.length, -"_test.ts".length).replace(/^(bench|suite)\//, "tests/$1/");
}

Deno.test("a test lies where the file or the room that it is about lies", async () => {
  const files = await sourceFiles();
  const isThere = (subject: string) =>
    files.includes(`${subject}.ts`) || files.some((path) => path.startsWith(`${subject}/`));
  const lost = files.filter((path) => {
    const subject = subjectOf(path);
    return subject !== undefined && !isThere(subject);
  });
  assertEquals(lost, [...TOGETHER.keys()]);
});

Deno.test("a file is tested in one place, whatever permissions its tests need", async () => {
  const subjects = (await sourceFiles()).map(subjectOf).filter((subject) => subject !== undefined);
  assertEquals(subjects.filter((subject, at) => subjects.indexOf(subject) !== at), []);
});

// A further part of the standard library used to be forgotten in the lines that take it from JSR.
Deno.test("docs/decisions.md shows a line from JSR for each part of the standard library that is imported", async () => {
  const page = await Deno.readTextFile(join(ROOT, "docs/decisions.md"));
  const shown = [...page.matchAll(/^"(@std\/[^"]+)": "jsr:@std\//gm)].map(([, name]) => name);
  assertEquals(shown, Object.keys(project.imports).filter((name) => name.startsWith("@std/")));
});
