import { join } from "@std/path";
import { assertEquals } from "@std/assert";
import { storedTiles } from "../../../../../../model/engines/webgpu/tiles/stored_tiles.ts";
import { makeFifo, makeSparse } from "../../../../data/files/awkward_files.ts";
import { inFolder } from "../../../../pipeline/in_folder.ts";

const TILES = new Map([["a layer", { rowThreads: 8, columnThreads: 8, rowsEach: 4, groupsEach: 1, depthGroups: 2 }]]);

Deno.test("storedTiles() keeps what was measured on a device, for that device alone", () =>
  inFolder(async (folder) => {
    const cache = join(folder, "runs", ".cache");
    await storedTiles("a card: 1/2", cache).write(TILES);
    assertEquals(await storedTiles("a card: 1/2", cache).read(), TILES);
    assertEquals(await storedTiles("another card", cache).read(), new Map());
    // The same name of a file does for no other device.
    assertEquals(await storedTiles("a card  1 2", cache).read(), new Map());
  }));

Deno.test("storedTiles() does without a folder that cannot be made, and writes over what an earlier version wrote", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "webgpu-card.json"), '{"version":0,"device":"card","tiles":{"a layer":8}}');
    assertEquals(await storedTiles("card", folder).read(), new Map());
    await storedTiles("card", join(folder, "webgpu-card.json")).write(TILES);
    await storedTiles("card", folder).write(TILES);
    assertEquals(await storedTiles("card", folder).read(), TILES);
  }));

// It wrote over any file of that name, and into whatever folder a link led to.
Deno.test("storedTiles() leaves what it did not write as it is: another file, a pipe, a giant, what links lead to", () =>
  inFolder(async (folder) => {
    const at = (name: string) => join(folder, `webgpu-${name}.json`);
    await Deno.writeTextFile(at("notes"), "{ my notes");
    await Deno.symlink(at("notes"), at("link"));
    await makeFifo(at("pipe"));
    await makeSparse(at("giant"), 1e11);
    await Deno.mkdir(join(folder, "album"));
    await Deno.symlink(join(folder, "album"), join(folder, "linked"));
    for (const card of ["notes", "link", "pipe", "giant"]) {
      await storedTiles(card, folder).write(TILES);
      assertEquals(await storedTiles(card, folder).read(), new Map());
    }
    await storedTiles("card", join(folder, "linked")).write(TILES);
    assertEquals(await Deno.readTextFile(at("notes")), "{ my notes");
    assertEquals(await Deno.readLink(at("link")), at("notes"));
    assertEquals([(await Deno.lstat(at("pipe"))).isFifo, (await Deno.stat(at("giant"))).size], [true, 1e11]);
    assertEquals(await Array.fromAsync(Deno.readDir(join(folder, "album"))), []);
  }));
