import { join } from "@std/path";
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { explained, readTextIfThere, UNFINISHED, writeAtomic } from "../../../../pipeline/files/atomic_file.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { inFolder } from "../in_folder.ts";

/** A device that takes no byte, as a full disk does not. */
const HAS_FULL_DEVICE = await Deno.stat("/dev/full").then(() => true, () => false);

const namesIn = async (folder: string) => (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("writeAtomic() writes text and bytes, making the folders above", () =>
  inFolder(async (folder) => {
    await writeAtomic(join(folder, "a/b/text"), "Kätzchen");
    assertEquals(await readTextIfThere(join(folder, "a/b/text")), "Kätzchen");
    await writeAtomic(join(folder, "bytes"), Uint8Array.of(0, 255));
    assertEquals(await Deno.readFile(join(folder, "bytes")), Uint8Array.of(0, 255));
    assertEquals(await namesIn(folder), ["a", "bytes"]);
  }));

Deno.test("writeAtomic() puts the new file in the old one's place", () =>
  inFolder(async (folder) => {
    await writeAtomic(join(folder, "file"), "a longer text than the next");
    await writeAtomic(join(folder, "file"), "short");
    assertEquals(await readTextIfThere(join(folder, "file")), "short");
  }));

Deno.test("writeAtomic() leaves the file as it is, and nothing beside it, when it cannot be replaced", () =>
  inFolder(async (folder) => {
    // A folder that is not empty stands where the file should go: the last step, the renaming, fails.
    await Deno.mkdir(join(folder, "file/inside"), { recursive: true });
    await assertRejects(() => writeAtomic(join(folder, "file"), "new"));
    assertEquals(await namesIn(folder), ["file"]);
    assertEquals(await namesIn(join(folder, "file")), ["inside"]);
  }));

Deno.test("writeAtomic() leaves the file as it is when nothing can be written beside it", () =>
  inFolder(async (folder) => {
    await writeAtomic(join(folder, "file"), "old");
    await Deno.mkdir(join(folder, `file${UNFINISHED}/inside`), { recursive: true });
    await assertRejects(() => writeAtomic(join(folder, "file"), "new"));
    assertEquals(await readTextIfThere(join(folder, "file")), "old");
  }));

Deno.test({
  name: "explained() says of a full disk what to do (needs /dev/full)",
  ignore: !HAS_FULL_DEVICE,
  async fn() {
    const thrown = await Deno.writeFile("/dev/full", Uint8Array.of(1)).catch((thrown) => thrown);
    const error = explained(thrown, "run/scan/output.json");
    assertStringIncludes(String(error), "Cannot write run/scan/output.json: the disk is full. Free some space");
  },
});

Deno.test("writeAtomic() writes through no link, and replaces what a killed program left", () =>
  inFolder(async (folder) => {
    const [theirs, ours] = [join(folder, "theirs"), join(folder, "file")];
    await Deno.writeTextFile(theirs, "theirs");
    for (const place of [ours, `${ours}${UNFINISHED}`]) {
      await Deno.symlink(theirs, place);
      await writeAtomic(ours, "new");
      assertEquals([await Deno.readTextFile(theirs), await Deno.readTextFile(ours)], ["theirs", "new"]);
      assertEquals((await Deno.lstat(ours)).isSymlink, false);
      assertEquals(await namesIn(folder), ["file", "theirs"]);
      await Deno.remove(ours);
    }
    await Deno.writeTextFile(`${ours}${UNFINISHED}`, "torn and longer than what is new");
    await writeAtomic(ours, "new");
    assertEquals(await Deno.readTextFile(ours), "new");
  }));

Deno.test("writeAtomic() explains a file in a folder's place", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "run"), "");
    const path = join(folder, "run", "scan", "manifest.json");
    const { message } = await assertRejects(() => writeAtomic(path, ""), UserError);
    assertStringIncludes(message, `Cannot use ${path}: `);
    assertStringIncludes(message, "--out");
  }));

Deno.test("readTextIfThere() is undefined where there is no file or no folder", () =>
  inFolder(async (folder) => {
    assertEquals(await readTextIfThere(join(folder, "none")), undefined);
    assertEquals(await readTextIfThere(join(folder, "none/none")), undefined);
  }));
