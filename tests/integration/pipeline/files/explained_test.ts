import { join } from "@std/path";
import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { replaceFile } from "../../../../data/owned/replace_file.ts";
import { explained } from "../../../../pipeline/files/explained.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { inFolder } from "../in_folder.ts";

/** A device that takes no byte, as a full disk does not. */
const HAS_FULL_DEVICE = await Deno.stat("/dev/full").then(() => true, () => false);

Deno.test({
  name: "explained() says of a full disk what to do (needs /dev/full)",
  ignore: !HAS_FULL_DEVICE,
  async fn() {
    const thrown = await Deno.writeFile("/dev/full", Uint8Array.of(1)).catch((thrown) => thrown);
    const error = explained(thrown, "run/scan/output.json");
    assertStringIncludes(String(error), "Cannot write run/scan/output.json: the disk is full. Free some space");
  },
});

Deno.test("explained() says so of a file in a folder's place, and of a folder in a file's", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "run"), "");
    const path = join(folder, "run", "manifest.json");
    const error = explained(await assertRejects(() => replaceFile(path, Uint8Array.of(1))), path);
    assert(error instanceof UserError);
    assertStringIncludes(error.message, `Cannot use ${path}: `);
    assertStringIncludes(error.message, "--out");

    const inPlace = explained(await assertRejects(() => Deno.readFile(folder)), folder);
    assertStringIncludes(String(inPlace), `Cannot use ${folder}: expected a file, got a folder in its place`);
  }));

Deno.test("explained() leaves an error of the program as it is", () => {
  const mistake = new TypeError("of the program");
  assertEquals(explained(mistake, "run"), mistake);
});
