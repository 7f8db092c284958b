import { join } from "@std/path";
import { assertEquals, assertRejects } from "@std/assert";
import { bytesOf, readTextIfThere } from "../../../../pipeline/files/text_file.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { makeFifo, makeSparse } from "../../data/files/awkward_files.ts";
import { inFolder } from "../in_folder.ts";

Deno.test("readTextIfThere() reads what bytesOf() made of a text, and bytesOf() leaves bytes as they are", () =>
  inFolder(async (folder) => {
    await Deno.writeFile(join(folder, "text"), bytesOf("Kätzchen"));
    assertEquals(await readTextIfThere(join(folder, "text")), "Kätzchen");
    assertEquals(bytesOf(Uint8Array.of(0, 255)), Uint8Array.of(0, 255));
  }));

Deno.test("readTextIfThere() is undefined where there is no file or no folder, and refuses a folder", () =>
  inFolder(async (folder) => {
    assertEquals(await readTextIfThere(join(folder, "none")), undefined);
    assertEquals(await readTextIfThere(join(folder, "none/none")), undefined);
    await assertRejects(() => readTextIfThere(folder), UserError, "expected a file, got a folder or a device");
  }));

// A run folder from elsewhere, or a file of outliers, could take all memory.
Deno.test("readTextIfThere() reads no pipe and no giant", () =>
  inFolder(async (folder) => {
    await makeFifo(join(folder, "pipe"));
    await makeSparse(join(folder, "giant"), 1e11);
    await assertRejects(() => readTextIfThere(join(folder, "pipe")), UserError, "expected a file, got a folder or a");
    await assertRejects(() => readTextIfThere(join(folder, "giant")), UserError, "expected a text of at most 256 MiB");
  }));
