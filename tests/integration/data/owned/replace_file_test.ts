import { join } from "@std/path";
import { assertEquals, assertRejects } from "@std/assert";
import { replaceFile, UNFINISHED } from "../../../../data/owned/replace_file.ts";
import { inFolder } from "../../pipeline/in_folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const namesIn = async (folder: string) => (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("replaceFile() writes all bytes, and puts the new file in the old one's place", () =>
  inFolder(async (folder) => {
    const path = join(folder, "file");
    for (const content of [bytes("a longer text than the next"), bytes("Kätzchen"), Uint8Array.of(0, 255)]) {
      await replaceFile(path, content);
      assertEquals(await Deno.readFile(path), content);
      assertEquals(await namesIn(folder), ["file"]);
    }
  }));

Deno.test("replaceFile() leaves the file as it is, and nothing beside it, when it cannot be replaced", () =>
  inFolder(async (folder) => {
    // A folder that is not empty stands where the file should go: the last step, the renaming, fails.
    await Deno.mkdir(join(folder, "file/inside"), { recursive: true });
    await assertRejects(() => replaceFile(join(folder, "file"), bytes("new")));
    assertEquals(await namesIn(folder), ["file"]);
    assertEquals(await namesIn(join(folder, "file")), ["inside"]);
  }));

Deno.test("replaceFile() leaves the file as it is when nothing can be written beside it", () =>
  inFolder(async (folder) => {
    await replaceFile(join(folder, "file"), bytes("old"));
    await Deno.mkdir(join(folder, `file${UNFINISHED}/inside`), { recursive: true });
    await assertRejects(() => replaceFile(join(folder, "file"), bytes("new")));
    assertEquals(await Deno.readTextFile(join(folder, "file")), "old");
  }));

Deno.test("replaceFile() writes through no link, and replaces what a killed program left", () =>
  inFolder(async (folder) => {
    const [theirs, ours] = [join(folder, "theirs"), join(folder, "file")];
    await Deno.writeTextFile(theirs, "theirs");
    for (const place of [ours, `${ours}${UNFINISHED}`]) {
      await Deno.symlink(theirs, place);
      await replaceFile(ours, bytes("new"));
      assertEquals([await Deno.readTextFile(theirs), await Deno.readTextFile(ours)], ["theirs", "new"]);
      assertEquals((await Deno.lstat(ours)).isSymlink, false);
      assertEquals(await namesIn(folder), ["file", "theirs"]);
      await Deno.remove(ours);
    }
    await Deno.writeTextFile(`${ours}${UNFINISHED}`, "torn and longer than what is new");
    await replaceFile(ours, bytes("new"));
    assertEquals(await Deno.readTextFile(ours), "new");
  }));
