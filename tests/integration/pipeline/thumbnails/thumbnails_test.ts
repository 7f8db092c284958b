import { join } from "@std/path";
import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { PhotoError } from "../../../../data/photo_error.ts";
import { decodePhoto } from "../../../../data/picture/decode.ts";
import { sha256 } from "../../../../pipeline/files/hashing.ts";
import { runFolder, StageFolder } from "../../../../pipeline/store/run_folder.ts";
import { type PhotoToShow, Thumbnails, THUMBNAILS_FOLDER } from "../../../../pipeline/thumbnails/thumbnails.ts";
import { asSharp, bordered } from "../../data/picture/pictures.ts";
import { inFolder } from "../in_folder.ts";

const BOX = { left: 40, top: 20, width: 600, height: 300 };

/** A photo with a border, and how often it was read. */
async function photo(tint = 0): Promise<PhotoToShow & { count: number }> {
  const bytes = new Uint8Array(
    await asSharp(bordered(700, 400, BOX)).tint({ r: 250 - tint, g: 200, b: 200 }).jpeg().toBuffer(),
  );
  const shown = {
    sha256: sha256(bytes),
    bytes: bytes.length,
    box: BOX,
    count: 0,
    read: () => {
      shown.count++;
      return Promise.resolve(bytes);
    },
  };
  return shown;
}

/** The thumbnails of a run, as a process that has just begun sees them. */
const thumbnailsOf = (run: string) => new Thumbnails(new StageFolder(runFolder(run), THUMBNAILS_FOLDER));

async function onlyFile(run: string): Promise<string> {
  const names = await Array.fromAsync(Deno.readDir(join(run, THUMBNAILS_FOLDER)));
  assertEquals(names.length, 1);
  return join(run, THUMBNAILS_FOLDER, names[0].name);
}

Deno.test("a thumbnail shows what trimming left, is made once, and is there for the next process", () =>
  inFolder(async (run) => {
    const shown = await photo();
    const first = thumbnailsOf(run);
    const pictures = await Promise.all([first.of(shown), first.of(shown), first.of(shown)]);
    assertEquals(await thumbnailsOf(run).of(shown), pictures[0]);
    assertEquals([pictures[1], pictures[2], shown.count], [pictures[0], pictures[0], 1]);
    const { width, height } = await decodePhoto(pictures[0]);
    assertEquals([width, height], [256, 128]);
    assertEquals(await runFolder(run).owns(`${THUMBNAILS_FOLDER}/${(await onlyFile(run)).split("/").at(-1)}`), true);
  }));

Deno.test("another content or another box is another thumbnail", () =>
  inFolder(async (run) => {
    const [one, two] = [await photo(), await photo(200)];
    const thumbnails = thumbnailsOf(run);
    const first = await thumbnails.of(one);
    assertNotEquals(await thumbnails.of(two), first);
    assertNotEquals(await thumbnails.of({ ...one, box: { ...BOX, height: 200 } }), first);
    assertEquals((await runFolder(run).names(THUMBNAILS_FOLDER)).length, 3);
  }));

Deno.test("a thumbnail that is damaged, cut short, empty or another's is made again", () =>
  inFolder(async (run) => {
    const shown = await photo();
    const picture = await thumbnailsOf(run).of(shown);
    const file = await onlyFile(run);
    const whole = await Deno.readFile(file);
    const another = await photo(200);
    await thumbnailsOf(join(run, "other")).of(another);
    const flipped = whole.with(100, whole[100] ^ 1);
    const theirs = await Deno.readFile(await onlyFile(join(run, "other")));
    for (const [k, damage] of [flipped, whole.subarray(0, 500), new Uint8Array(), theirs].entries()) {
      await Deno.writeFile(file, damage);
      assertEquals(await thumbnailsOf(run).of(shown), picture);
      assertEquals([await Deno.readFile(file), shown.count], [whole, k + 2]);
    }
  }));

Deno.test("where nothing can be kept thumbnails are shown all the same, and others' files stay as they are", () =>
  inFolder(async (run) => {
    await Deno.writeTextFile(join(run, "theirs.txt"), "not a run");
    const shown = await photo();
    assert((await thumbnailsOf(run).of(shown)).length > 0);
    assertEquals((await Array.fromAsync(Deno.readDir(run))).map(({ name }) => name), ["theirs.txt"]);
  }));

// Of many that waited for the list of the run's files, only the first was told that nothing may be written there.
Deno.test("many thumbnails at once write nothing behind a link of somebody's", () =>
  inFolder(async (folder) => {
    const [run, album] = [join(folder, "run"), join(folder, "album")];
    await runFolder(run).claim();
    await Deno.mkdir(album);
    await Deno.symlink(album, join(run, THUMBNAILS_FOLDER));
    const shown = await photo();
    const many = Array.from({ length: 12 }, (_, k) => ({ ...shown, box: { ...BOX, left: k } }));
    const thumbnails = thumbnailsOf(run);
    await Promise.all(many.map((photo) => thumbnails.of(photo)));
    assertEquals(await Array.fromAsync(Deno.readDir(album)), []);
  }));

Deno.test("a photo that is no picture is no thumbnail, and is tried again", () =>
  inFolder(async (run) => {
    const shown = await photo();
    const thumbnails = thumbnailsOf(run);
    const broken = { ...shown, read: () => Promise.resolve(new Uint8Array(9)) };
    await assertRejects(() => thumbnails.of(broken), PhotoError);
    assert((await thumbnails.of(shown)).length > 0);
  }));

Deno.test("many thumbnails are made a few at a time", () =>
  inFolder(async (run) => {
    const shown = await photo();
    let [now, most] = [0, 0];
    const read = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 2));
      now--;
      return await shown.read();
    };
    const thumbnails = thumbnailsOf(run);
    const many = Array.from({ length: 30 }, (_, k) => ({ ...shown, read, box: { ...BOX, left: k } }));
    await Promise.all(many.map((photo) => thumbnails.of(photo)));
    assert(most <= Math.max(2, navigator.hardwareConcurrency), `${most} at once`);
    assertEquals((await runFolder(run).names(THUMBNAILS_FOLDER)).length, 30);
  }));

Deno.test("a large picture is of the whole photo, and is not kept", () =>
  inFolder(async (run) => {
    const { width, height } = await decodePhoto(await thumbnailsOf(run).large(await photo()));
    assertEquals([width, height], [700, 400]);
    assertEquals(await Array.fromAsync(Deno.readDir(run)), []);
  }));
