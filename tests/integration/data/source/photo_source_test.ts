import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { PhotoError } from "../../../../data/picture/photo_error.ts";
import { openPhotoSource, type PhotoSource } from "../../../../data/source/photo_source.ts";
import { PhotoSourceError } from "../../../../data/source/photo_source_error.ts";
import { findPhotoSets } from "../../../../data/source/photo_sets.ts";
import { makeFifo } from "../files/awkward_files.ts";
import { zipFile } from "./zip_file.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const ids = async (source: PhotoSource) => (await source.list()).map(({ id }) => id);

/** Runs a test with a folder of its own, which is removed afterwards. */
function testInFolder(name: string, run: (folder: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir();
    try {
      await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(join(folder, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(folder, name), text);
  }
}

testInFolder("openPhotoSource() lists a folder's pictures, and those below it, in natural order", async (folder) => {
  await write(folder, {
    "cat.10.jpg": "ten",
    "cat.9.JPG": "nine",
    "dogs/brown/rex.png": "rex",
    "notes.txt": "",
    "Thumbs.db": "",
    ".hidden.jpg": "",
    "__MACOSX/cat.9.jpg": "",
  });
  const source = await openPhotoSource(folder);
  assertEquals(await ids(source), ["cat.9.JPG", "cat.10.jpg", "dogs/brown/rex.png"]);
  const [nine] = await source.list();
  const { mtime, ctime } = await Deno.stat(join(folder, "cat.9.JPG"));
  assertEquals([nine.bytes, nine.modified], [4, Math.max(Number(mtime), Number(ctime))]);
  assertEquals(await source.read("dogs/brown/rex.png"), bytes("rex"));
  await source.close();
});

testInFolder(
  "openPhotoSource() follows links, ends loops and keeps a link to nothing for its error",
  async (folder) => {
    await write(folder, { "elsewhere/tom.jpg": "tom", "photos/cats/real.jpg": "real" });
    const photos = join(folder, "photos");
    await Deno.symlink(join(folder, "elsewhere"), join(photos, "dogs"));
    await Deno.symlink(join(folder, "elsewhere/tom.jpg"), join(photos, "cat.1.jpg"));
    await Deno.symlink(photos, join(photos, "cats/loop"));
    await Deno.symlink(join(folder, "gone.jpg"), join(photos, "cat.2.jpg"));
    const source = await openPhotoSource(photos);
    assertEquals(await ids(source), ["cat.1.jpg", "cat.2.jpg", "cats/real.jpg", "dogs/tom.jpg"]);
    assertEquals((await source.list()).map(({ sameAs }) => sameAs).filter(Boolean), ["cat.1.jpg"]);
    assertEquals(await source.read("cat.1.jpg"), bytes("tom"));
    await assertRejects(() => source.read("cat.2.jpg"), PhotoError, "unreadable: nothing there");
  },
);

testInFolder("openPhotoSource() says which path cannot be read", async (folder) => {
  const path = join(folder, "nowhere");
  await assertRejects(() => openPhotoSource(path), PhotoSourceError, `Cannot open ${path}: expected a folder`);
  const file = join(folder, "photo.jpg");
  await write(folder, { "photo.jpg": "no zip file" });
  await assertRejects(() => openPhotoSource(file), PhotoSourceError, `Cannot open ${file}: expected a whole zip file`);
});

testInFolder("openPhotoSource() reads a zip file in place, without the folder that all share", async (folder) => {
  const path = join(folder, "train.zip");
  const photo = bytes("a photo that can be deflated ".repeat(50));
  await Deno.writeFile(
    path,
    zipFile([
      { name: "train/", bytes: new Uint8Array(), stored: true },
      { name: "train/dog.10.jpg", bytes: photo },
      { name: "train/dog.9.jpg", bytes: bytes("stored"), stored: true },
      { name: "train/readme.txt", bytes: bytes("no photo") },
      { name: "__MACOSX/train/._dog.9.jpg", bytes: bytes("fork") },
    ]),
  );
  const source = await openPhotoSource(path);
  const [nine, ten] = await source.list();
  assertEquals([nine.id, nine.bytes, nine.modified], ["dog.9.jpg", 6, Date.UTC(2013, 8, 20)]);
  assertEquals([ten.id, ten.bytes], ["dog.10.jpg", photo.length]);
  assertEquals(await Promise.all([source.read("dog.10.jpg"), source.read("dog.9.jpg")]), [photo, bytes("stored")]);
  await assertRejects(() => source.read("dog.11.jpg"), PhotoError, "unreadable: ");
  await source.close();
});

testInFolder("openPhotoSource() keeps a zip file's folder that names a class", async (folder) => {
  const path = join(folder, "photos.zip");
  await Deno.writeFile(path, zipFile([{ name: "Cats/tom.jpg", bytes: bytes("tom") }]));
  const source = await openPhotoSource(path);
  assertEquals(await ids(source), ["Cats/tom.jpg"]);
  await source.close();
});

testInFolder("openPhotoSource() says that a zip file was cut short or is none", async (folder) => {
  const whole = zipFile([{ name: "train/cat.1.jpg", bytes: bytes("tom") }]);
  for (const [name, contents] of [["half", whole.slice(0, 30)], ["empty", new Uint8Array()]] as const) {
    const path = join(folder, `${name}.zip`);
    await Deno.writeFile(path, contents);
    await assertRejects(
      () => openPhotoSource(path),
      PhotoSourceError,
      `Cannot open ${path}: expected a whole zip file`,
    );
  }
});

testInFolder("openPhotoSource() tells which photo of a zip file is damaged", async (folder) => {
  const contents = zipFile([
    { name: "cat.1.jpg", bytes: bytes("stored as it is"), stored: true },
    { name: "cat.2.jpg", bytes: bytes("deflated ".repeat(40)) },
    { name: "cat.3.jpg", bytes: bytes("whole"), stored: true },
  ]);
  contents[41] ^= 1;
  contents[41 + 15 + 39 + 1] ^= 0xff;
  await Deno.writeFile(join(folder, "a.zip"), contents);
  const source = await openPhotoSource(join(folder, "a.zip"));
  await assertRejects(() => source.read("cat.1.jpg"), PhotoError, "damaged: the zip file states another checksum");
  await assertRejects(() => source.read("cat.2.jpg"), PhotoError);
  assertEquals(await source.read("cat.3.jpg"), bytes("whole"));
  await source.close();
});

testInFolder(
  "openPhotoSource() reads what it can of a zip file and says of each other entry why not",
  async (folder) => {
    const path = join(folder, "a.zip");
    const zeros = new Uint8Array(300);
    await Deno.writeFile(
      path,
      zipFile([
        { name: "whole.jpg", bytes: bytes("whole") },
        { name: "encrypted.jpg", bytes: zeros, claims: { flags: 1 } },
        { name: "bzip2.jpg", bytes: zeros, claims: { method: 12 } },
        { name: "giant.jpg", bytes: zeros, claims: { bytes: 1e9 } },
        { name: "longer.jpg", bytes: zeros, claims: { bytes: 299 } },
        { name: "shorter.jpg", bytes: zeros, claims: { bytes: 301 } },
        { name: "stored.jpg", bytes: zeros, stored: true, claims: { bytes: 299 } },
        { name: "../out.jpg", bytes: zeros },
        { name: "/root.jpg", bytes: zeros },
      ]),
    );
    const source = await openPhotoSource(path);
    const reasons = {
      "encrypted.jpg": "unreadable: it is encrypted. Unpack",
      "bzip2.jpg": "unreadable: it is packed by a method that is not read here (number 12). Unpack",
      "giant.jpg": "too large: the file has more than 128 MiB",
      "longer.jpg": "damaged: the zip file states another size",
      "shorter.jpg": "damaged: the zip file states another size",
      "stored.jpg": "damaged: the zip file states another size",
      "../out.jpg": "unreadable: its name leads out of the zip file",
      "/root.jpg": "unreadable: its name leads out of the zip file",
    };
    assertEquals((await ids(source)).toSorted(), ["whole.jpg", ...Object.keys(reasons)].toSorted());
    for (const [id, reason] of Object.entries(reasons)) await assertRejects(() => source.read(id), PhotoError, reason);
    assertEquals(await source.read("whole.jpg"), bytes("whole"));
    await source.close();
  },
);

testInFolder(
  "openPhotoSource() says of two entries of one name in a zip file that the last is read",
  async (folder) => {
    const path = join(folder, "a.zip");
    const entries = ["first", "second", "last"].map((text) => ({ name: "train/cat.1.jpg", bytes: bytes(text) }));
    await Deno.writeFile(path, zipFile([...entries, { name: "train/dog.1.jpg", bytes: bytes("dog") }]));
    const source = await openPhotoSource(path);
    const warnings: string[] = [];
    assertEquals((await source.list((line) => warnings.push(line))).map(({ id }) => id), ["cat.1.jpg", "dog.1.jpg"]);
    assertEquals(warnings.length, 1);
    assert(warnings[0].includes("several entries named cat.1.jpg: the last one is read"), warnings[0]);
    assertEquals(await source.read("cat.1.jpg"), bytes("last"));
    await source.close();
  },
);

testInFolder("openPhotoSource() opens no FIFO as a zip file", async (folder) => {
  await makeFifo(join(folder, "a.zip"));
  await assertRejects(
    () => openPhotoSource(join(folder, "a.zip")),
    PhotoSourceError,
    "a named pipe, not a regular file",
  );
});

testInFolder("findPhotoSets() finds both sets, as folders or as Kaggle's zip files", async (folder) => {
  assertEquals(await findPhotoSets(folder), { train: undefined, test: undefined });
  await write(folder, { "Train.zip": "", "test1.zip": "", "submission.csv": "" });
  assertEquals(await findPhotoSets(folder), { train: join(folder, "Train.zip"), test: join(folder, "test1.zip") });
  await write(folder, { "train/cat.1.jpg": "", "test/1.jpg": "" });
  assertEquals(await findPhotoSets(folder), { train: join(folder, "train"), test: join(folder, "test") });
  await assertRejects(() => findPhotoSets(join(folder, "nowhere")), PhotoSourceError, "got nothing there");
});
