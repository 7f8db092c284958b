import { basename, dirname, join } from "@std/path";
import { assertEquals } from "@std/assert";
import { KnownHashes } from "../../../../pipeline/runner/known_hashes.ts";
import { runFolder, StageFolder } from "../../../../pipeline/runner/run_folder.ts";
import { inFolder } from "../in_folder.ts";

/** Whose the hashes are. */
const OWNER = { run: "run", data: "photos" };

/** The list in a run's folder, as a process finds it that begins. */
async function opened(path: string, owner = OWNER): Promise<KnownHashes> {
  const run = runFolder(dirname(path));
  await run.claim();
  return await KnownHashes.open(new StageFolder(run), basename(path), owner);
}

/** A list of hashes in a folder of its own, with a hasher that counts what it reads. */
async function withHashes(
  test: (path: string, read: (hash: string) => () => Promise<string>, reads: string[]) => Promise<void>,
) {
  const reads: string[] = [];
  const read = (hash: string) => () => {
    reads.push(hash);
    return Promise.resolve(hash);
  };
  await inFolder((folder) => test(join(folder, "hashes.json"), read, reads));
}

Deno.test("KnownHashes.of() reads a file again only where its size or time changed", () =>
  withHashes(async (path, read, reads) => {
    const hashes = await opened(path);
    assertEquals(await hashes.of("cat", { bytes: 1, modified: 1 }, read("a")), "a");
    assertEquals(await hashes.of("cat", { bytes: 1, modified: 1 }, read("b")), "a");
    assertEquals(await hashes.of("cat", { bytes: 2, modified: 1 }, read("c")), "c");
    assertEquals(await hashes.of("cat", { bytes: 2, modified: 2 }, read("d")), "d");
    assertEquals(await hashes.of("dog", { bytes: 2, modified: 2 }, read("e")), "e");
    assertEquals(reads, ["a", "c", "d", "e"]);
  }));

Deno.test("KnownHashes remembers what was saved", () =>
  withHashes(async (path, read, reads) => {
    const stamp = { bytes: 1, modified: 1.5 };
    const first = await opened(path);
    await first.of("train:cat.1.jpg", stamp, read("a"));
    await first.of("cat", stamp, read("b"));
    await first.save();
    const second = await opened(path);
    assertEquals(await second.of("train:cat.1.jpg", stamp, read("c")), "a");
    assertEquals(await second.of("cat", stamp, read("d")), "b");
    assertEquals(reads, ["a", "b"]);
  }));

Deno.test("KnownHashes.of() remembers nothing of a file that could not be read", () =>
  withHashes(async (path, read) => {
    const hashes = await opened(path);
    const stamp = { bytes: 1, modified: 1 };
    const failed = await hashes.of("cat", stamp, () => Promise.reject(new Error("gone"))).catch(() => "failed");
    assertEquals([failed, await hashes.of("cat", stamp, read("a"))], ["failed", "a"]);
  }));

Deno.test("KnownHashes.open() takes a damaged list as an empty one", () =>
  withHashes(async (path, read) => {
    await opened(path);
    for (const damaged of ["", "{", "[]", "null", '{"cat":{"bytes":1}}']) {
      await Deno.writeTextFile(path, damaged);
      const hashes = await opened(path);
      assertEquals(await hashes.of("cat", { bytes: 1, modified: 1 }, read("a")), "a");
    }
  }));

Deno.test("KnownHashes.save() writes only when something changed", () =>
  withHashes(async (path) => {
    await (await opened(path)).save();
    assertEquals(await Deno.stat(path).then(() => true, () => false), false);
  }));

Deno.test("KnownHashes.open() takes a list in which two hashes were swapped as an empty one", () =>
  withHashes(async (path, read) => {
    const stamp = { bytes: 1, modified: 1 };
    const first = await opened(path);
    await first.of("cat", stamp, read("aaaa"));
    await first.of("dog", stamp, read("bbbb"));
    await first.save();
    const text = await Deno.readTextFile(path);
    const swapped = text.replace("aaaa", "cccc").replace("bbbb", "aaaa").replace("cccc", "bbbb");
    await Deno.writeTextFile(path, swapped);
    const second = await opened(path);
    assertEquals([await second.of("cat", stamp, read("new")), await second.of("dog", stamp, read("new"))], [
      "new",
      "new",
    ]);
  }));

Deno.test("KnownHashes.open() takes the list of another run, or of other photos, as an empty one", () =>
  withHashes(async (path, read) => {
    const stamp = { bytes: 1, modified: 1 };
    const first = await opened(path);
    await first.of("cat", stamp, read("a"));
    await first.save();
    for (const other of [{ ...OWNER, run: "copy" }, { ...OWNER, data: "others" }]) {
      assertEquals(await (await opened(path, other)).of("cat", stamp, read("b")), "b");
    }
    assertEquals(await (await opened(path, { data: "photos", run: "run" })).of("cat", stamp, read("b")), "a");
  }));

Deno.test("KnownHashes.open() takes a folder in the list's place as an empty one", () =>
  withHashes(async (path, read) => {
    await opened(path);
    await Deno.mkdir(path);
    const hashes = await opened(path);
    assertEquals(await hashes.of("cat", { bytes: 1, modified: 1 }, read("a")), "a");
  }));
