import { join } from "@std/path";
import { assertEquals } from "@std/assert";
import { storedTiles } from "../../../../../../model/engines/webgpu/tiles/stored_tiles.ts";
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

Deno.test("storedTiles() does without a file that is damaged, and without a folder that cannot be made", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "webgpu-card.json"), "{");
    assertEquals(await storedTiles("card", folder).read(), new Map());
    await storedTiles("card", join(folder, "webgpu-card.json")).write(TILES);
    await storedTiles("card", folder).write(TILES);
    assertEquals(await storedTiles("card", folder).read(), TILES);
  }));
