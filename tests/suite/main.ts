import { fromFileUrl, join, relative } from "@std/path";
import { type Counts, countsIn, summaryLine, sumOf } from "./summary_line.ts";

/*
 * All tests, a file a process and a process a core: most of them wait for programs that they have started, one after
 * another. A process, and not a thread as by `deno test --parallel`: tests change the folder and the environment, and
 * measure the memory, of the process that they are in.
 */

const TESTS = fromFileUrl(new URL("..", import.meta.url));

/** Where the files lie that take longest, which are begun first; all others follow. */
const LONGEST = ["users_files", "end_to_end", "integration"];

/** Files at once at most: each may start programs that take a gigabyte. */
const MOST_AT_ONCE = 4;

/** Paths of the files of tests, from `tests/`. */
async function testFiles(folder = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(join(TESTS, folder))) {
    const path = join(folder, name);
    if (isDirectory) paths.push(...await testFiles(path));
    else if (name.endsWith("_test.ts")) paths.push(path);
  }
  return paths.sort();
}

function placeOf(path: string): number {
  const place = LONGEST.findIndex((folder) => path.startsWith(`${folder}/`));
  return place === -1 ? LONGEST.length : place;
}

/** No file was seen to take four minutes, even beside other work: what takes so long waits for what will not come. */
const HANGS_MILLISECONDS = 6 * 60_000;

interface Ended {
  readonly file: string;
  readonly counts: Counts;
  readonly isWell: boolean;
}

/** Runs a file to its end and prints what it said, without the line that counts: that comes once, for all. */
async function runFile(file: string, words: readonly string[], shared: string): Promise<Ended> {
  const command = () =>
    new Deno.Command(Deno.execPath(), {
      args: ["test", "-A", "--no-check", ...words, join(TESTS, file)],
      env: { TESTS_SHARE: shared },
      signal: AbortSignal.timeout(HANGS_MILLISECONDS),
    }).output();
  let output = await command();
  if (output.signal === "SIGTERM") {
    // One that waits for a browser or a program that does not answer must not take the others' time.
    console.log(`${file} did not end within ${HANGS_MILLISECONDS / 60_000} minutes: it is begun once more`);
    output = await command();
  }
  const { code, signal, stdout, stderr } = output;
  const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
  const counted = lines.map(countsIn);
  console.log(lines.filter((_, k) => counted[k] === undefined).join("\n").trimEnd());
  const errors = new TextDecoder().decode(stderr).trimEnd();
  if (errors !== "") console.log(errors);
  const counts = counted.findLast((counts) => counts !== undefined);
  if (counts !== undefined) {
    // A graphics driver in software crashes now and then as its process ends, when all tests have been counted.
    const hasCrashed = signal !== null && counts.failed?.tests === 0;
    if (hasCrashed) console.log(`${file} was ended by ${signal} after all its tests`);
    return { file, counts, isWell: code === 0 || hasCrashed };
  }
  console.log(`${file} did not come to its end: ${signal ?? `status ${code}`}`);
  return { file, counts: { failed: { tests: 1, steps: 0 } }, isWell: false };
}

const started = Date.now();
const shared = await Deno.makeTempDir();
const files = (await testFiles()).sort((a, b) => placeOf(a) - placeOf(b));
const ended: Ended[] = [];
const lane = async () => {
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    ended.push(await runFile(file, Deno.args, shared));
  }
};
await Promise.all(Array.from({ length: Math.min(navigator.hardwareConcurrency, MOST_AT_ONCE) }, lane));
await Deno.remove(shared, { recursive: true });

const failed = ended.filter(({ isWell }) => !isWell).map(({ file }) => relative(Deno.cwd(), join(TESTS, file)));
for (const file of failed.toSorted()) console.log(`failed: ${file}`);
const seconds = (Date.now() - started) / 1000;
console.log(`\n${summaryLine(sumOf(ended.map(({ counts }) => counts)), failed.length === 0, seconds)}`);
if (failed.length > 0) Deno.exitCode = 1;
