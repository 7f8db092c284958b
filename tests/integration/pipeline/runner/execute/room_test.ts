import { assertEquals } from "@std/assert";
import { makeRoom } from "../../../../../pipeline/runner/execute/room.ts";
import { MANIFEST_FILE, OUTPUT_FILE, STARTED_FILE } from "../../../../../pipeline/store/manifest.ts";
import { stageFolder } from "../../../../../pipeline/store/run_folder.ts";
import { inFolder } from "../../in_folder.ts";

const LEFT = [MANIFEST_FILE, OUTPUT_FILE, "shard-1", "table.txt"];

/** What is left of a finished stage's files once room was made. */
async function leftAfter(root: string, keeps: (file: string) => boolean, forced: boolean): Promise<string[]> {
  const folder = stageFolder(root, "trim");
  for (const name of LEFT) await folder.write(name, name);
  assertEquals(await makeRoom(folder, { keeps }, "key", forced), false);
  return await folder.list();
}

Deno.test("makeRoom() removes all that an earlier run left, but for what the stage keeps", () =>
  inFolder(async (root) => {
    const isShard = (file: string) => file.startsWith("shard-");
    assertEquals(await leftAfter(`${root}/none`, () => false, false), [STARTED_FILE]);
    assertEquals(await leftAfter(`${root}/shards`, isShard, false), ["shard-1", STARTED_FILE]);
    assertEquals(await leftAfter(`${root}/forced`, isShard, true), [STARTED_FILE]);
  }));

Deno.test("makeRoom() leaves what a stopped stage wrote while it computed the same, and takes its manifest", () =>
  inFolder(async (root) => {
    const folder = stageFolder(root, "trim");
    const keeps = () => false;
    assertEquals(await makeRoom(folder, { keeps }, "key", false), false);
    for (const name of LEFT) await folder.write(name, name);
    assertEquals(await makeRoom(folder, { keeps }, "key", false), true);
    assertEquals(await folder.list(), [OUTPUT_FILE, "shard-1", STARTED_FILE, "table.txt"]);
    assertEquals(await makeRoom(folder, { keeps }, "another", false), false);
    assertEquals(await folder.list(), [STARTED_FILE]);
  }));
