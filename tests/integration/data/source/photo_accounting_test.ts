import { assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import fc from "fast-check";
import type { LeftOut } from "../../../../data/source/left_out.ts";
import { openPhotoSource } from "../../../../data/source/photo_source.ts";
import { inFolder } from "../../pipeline/in_folder.ts";
import { zipFile } from "./zip_file.ts";

/** What a folder or zip file holds: photos, and what was left out. */
async function accountOf(path: string): Promise<{ photos: string[]; leftOut: LeftOut[] }> {
  const source = await openPhotoSource(path);
  try {
    const leftOut: LeftOut[] = [];
    const photos = (await source.list(() => {}, (left) => leftOut.push(left))).map(({ id }) => id);
    return { photos, leftOut };
  } finally {
    await source.close();
  }
}

const FOLDERS = ["", "cats/", "dogs/old/", ".cache/", "__MACOSX/", "a b/"];
const NAMES = ["cat.1", ".hidden", "._cat.1", "Thumbs", ".DS_Store", "x", "y.z"];
const ENDINGS = [".jpg", ".HEIC", ".tiff", ".mov", ".bmp", ".svg", ".txt", ".db", ".zip", "", ".jpg.part"];

/** Paths of files, no two the same when their case is not looked at. */
const paths = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...FOLDERS), fc.constantFrom(...NAMES), fc.constantFrom(...ENDINGS)).map((parts) =>
    parts.join("")
  ),
  { maxLength: 30 },
);

Deno.test("every file below a folder is a photo or is left out by a kind, once", () =>
  fc.assert(
    fc.asyncProperty(paths, (paths) =>
      inFolder(async (folder) => {
        for (const path of paths) {
          await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
          await Deno.writeTextFile(join(folder, path), path);
        }
        const { photos, leftOut } = await accountOf(folder);
        assertEquals([...photos, ...leftOut.map(({ id }) => id)].sort(), paths.toSorted());
      })),
    { numRuns: 40 },
  ));

Deno.test("every file in a zip file is a photo or is left out by a kind, once, entries of one name too", () =>
  fc.assert(
    fc.asyncProperty(paths, paths, (paths, again) =>
      inFolder(async (folder) => {
        const names = ["first.jpg", ...paths, ...again];
        const zip = join(folder, "photos.zip");
        await Deno.writeFile(zip, zipFile(names.map((name) => ({ name, bytes: new Uint8Array(3) }))));
        const { photos, leftOut } = await accountOf(zip);
        assertEquals([...photos, ...leftOut.map(({ id }) => id)].sort(), names.toSorted());
      })),
    { numRuns: 40 },
  ));

Deno.test("links, pipes, empty folders and nameless files are accounted for as well", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "empty/inner"), { recursive: true });
    await Deno.mkdir(join(folder, ".git/refs"), { recursive: true });
    await Deno.writeTextFile(join(folder, "clip.mov"), "");
    await Deno.symlink("clip.mov", join(folder, "again.mov"));
    await Deno.symlink("nowhere", join(folder, "gone.txt"));
    await Deno.symlink("nowhere", join(folder, "gone.jpg"));
    const { photos, leftOut } = await accountOf(folder);
    assertEquals(photos, ["gone.jpg"]);
    assertEquals(leftOut.map(({ id, kind }) => `${kind} ${id}`).sort(), [
      "emptyFolder empty/inner",
      "other gone.txt",
      "video again.mov",
      "video clip.mov",
    ]);
  }));

Deno.test("folders in a zip file are no files; one that nothing lies in is told", () =>
  inFolder(async (folder) => {
    const zip = join(folder, "photos.zip");
    const names = ["cats/", "cats/tom.jpg", "empty/", "more/", "more/empty/"];
    await Deno.writeFile(zip, zipFile(names.map((name) => ({ name, bytes: new Uint8Array(), stored: true }))));
    const { photos, leftOut } = await accountOf(zip);
    assertEquals(photos, ["cats/tom.jpg"]);
    assertEquals(leftOut, [{ id: "empty", kind: "emptyFolder" }, { id: "more/empty", kind: "emptyFolder" }]);
  }));
