import { join } from "@std/path";
import { assertEquals } from "@std/assert";
import { KnownHashes } from "../../../../pipeline/runner/known_hashes.ts";
import { inFolder } from "../in_folder.ts";

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
    const hashes = await KnownHashes.open(path);
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
    const first = await KnownHashes.open(path);
    await first.of("train:cat.1.jpg", stamp, read("a"));
    await first.of("cat", stamp, read("b"));
    await first.save();
    const second = await KnownHashes.open(path);
    assertEquals(await second.of("train:cat.1.jpg", stamp, read("c")), "a");
    assertEquals(await second.of("cat", stamp, read("d")), "b");
    assertEquals(reads, ["a", "b"]);
  }));

Deno.test("KnownHashes.of() remembers nothing of a file that could not be read", () =>
  withHashes(async (path, read) => {
    const hashes = await KnownHashes.open(path);
    const stamp = { bytes: 1, modified: 1 };
    const failed = await hashes.of("cat", stamp, () => Promise.reject(new Error("gone"))).catch(() => "failed");
    assertEquals([failed, await hashes.of("cat", stamp, read("a"))], ["failed", "a"]);
  }));

Deno.test("KnownHashes.open() takes a damaged list as an empty one", () =>
  withHashes(async (path, read) => {
    for (const damaged of ["", "{", "[]", "null", '{"cat":{"bytes":1}}']) {
      await Deno.writeTextFile(path, damaged);
      const hashes = await KnownHashes.open(path);
      assertEquals(await hashes.of("cat", { bytes: 1, modified: 1 }, read("a")), "a");
    }
  }));

Deno.test("KnownHashes.save() writes only when something changed", () =>
  withHashes(async (path) => {
    await (await KnownHashes.open(path)).save();
    assertEquals(await Deno.stat(path).then(() => true, () => false), false);
  }));
