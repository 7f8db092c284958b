import { assertEquals, assertRejects } from "@std/assert";
import { dirname, join } from "@std/path";
import { PhotoError } from "../../../../data/picture/photo_error.ts";
import { openPhotoSource } from "../../../../data/source/photo_source.ts";
import { inFolder } from "../../pipeline/in_folder.ts";
import { makeNameless } from "../files/awkward_files.ts";

/** What a folder's listing holds, and what it says. */
async function listed(folder: string) {
  const warnings: string[] = [];
  const source = await openPhotoSource(folder);
  const entries = await source.list((line) => warnings.push(line));
  return { source, entries, ids: entries.map(({ id }) => id), warnings };
}

async function write(folder: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
    await Deno.writeTextFile(join(folder, name), name);
  }
}

Deno.test("a folder that several paths lead to is listed once, by its own path, and the others are told", () =>
  inFolder(async (folder) => {
    await write(folder, "pets/cats/tom.jpg", "z/rex.jpg");
    await Deno.symlink("pets/cats", join(folder, "again"));
    await Deno.symlink("..", join(folder, "pets/round"));
    await Deno.symlink("../z", join(folder, "pets/aside"));
    const { ids, warnings } = await listed(folder);
    assertEquals(ids, ["pets/cats/tom.jpg", "z/rex.jpg"]);
    assertEquals(warnings.toSorted(), [
      "again is left out: it is the same folder as pets/cats",
      "pets/aside is left out: it is the same folder as z",
      "pets/round is left out: it is the same folder as the one around it",
    ]);
  }));

Deno.test("a file that a link leads to again says so; hard links are files of their own", () =>
  inFolder(async (folder) => {
    await write(folder, "z.jpg", "elsewhere.txt");
    await Deno.symlink("z.jpg", join(folder, "a.jpg"));
    await Deno.symlink("elsewhere.txt", join(folder, "b.jpg"));
    await Deno.symlink("elsewhere.txt", join(folder, "c.jpg"));
    await Deno.link(join(folder, "z.jpg"), join(folder, "y.jpg"));
    const { entries } = await listed(folder);
    assertEquals(entries.map(({ id, sameAs }) => [id, sameAs]), [
      ["a.jpg", "z.jpg"],
      ["b.jpg", undefined],
      ["c.jpg", "b.jpg"],
      ["y.jpg", undefined],
      ["z.jpg", undefined],
    ]);
  }));

Deno.test("a folder too deep to be looked into is named, shortened, and the rest is listed", () =>
  inFolder(async (folder) => {
    await write(folder, "cat.1.jpg", "zoo/dog.1.jpg");
    // The shell goes down step by step, as no path can be as long.
    const script = `i=0; while [ $i -lt 30 ]; do mkdir ${"x".repeat(200)} && cd -P ${"x".repeat(200)} || exit 1; ` +
      `i=$((i+1)); done; : > deep.jpg`;
    await new Deno.Command("sh", { args: ["-c", script], cwd: folder, stderr: "null" }).output();
    const { ids, warnings } = await listed(folder);
    assertEquals(ids, ["cat.1.jpg", "zoo/dog.1.jpg"]);
    assertEquals(warnings.length, 1);
    assertEquals(
      /^the folder x+\.\.\.x+ is left out, .*: a path that is too long$/.test(warnings[0]),
      true,
      warnings[0],
    );
    await new Deno.Command("rm", { args: ["-rf", join(folder, "x".repeat(200))] }).output();
  }));

Deno.test("files whose names are not UTF-8 are listed one by one, and say so when they are read", () =>
  inFolder(async (folder) => {
    await write(folder, "cat.1.jpg");
    await makeNameless(folder, new Uint8Array(3));
    const { source, ids } = await listed(folder);
    assertEquals(ids.toSorted(), ["cat.1.jpg", "cat.\ufffd.jpg", "cat.\ufffd.jpg (2)"]);
    for (const id of ids.slice(1)) {
      await assertRejects(() => source.read(id), PhotoError, "unreadable: its name is not UTF-8");
    }
    await write(folder, "cat.\ufffd.jpg");
    assertEquals(
      new TextDecoder().decode(await (await listed(folder)).source.read("cat.\ufffd.jpg")),
      "cat.\ufffd.jpg",
    );
    assertEquals((await listed(folder)).ids.length, 4);
  }));
