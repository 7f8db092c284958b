import { join } from "@std/path";
import { assertEquals } from "@std/assert";
import { WEIGHTS_FOLDER } from "../../../../pipeline/weights/weights_manifest.ts";
import { weightsOrigins } from "../../../../pipeline/weights/weights_origin.ts";
import { sha256OfFile } from "../../../../pipeline/files/hashing.ts";
import { inFolder } from "../in_folder.ts";

const MINI = ["mini-resnet50.safetensors", "mini-inception_v3.safetensors"];

Deno.test("weightsOrigins() knows the licence of a file by its content, whatever it is called", () =>
  inFolder(async (folder) => {
    for (const name of MINI) await Deno.copyFile(join(WEIGHTS_FOLDER, name), join(folder, `my-${name}`));
    const origins = await weightsOrigins(folder);
    assertEquals(origins.map(({ file }) => file), MINI.map((name) => `my-${name}`));
    assertEquals(origins.map(({ licence }) => licence), (await weightsOrigins("mini")).map(({ licence }) => licence));
    assertEquals(origins[0].licence, "the project's own");
  }));

Deno.test("weightsOrigins() says of a file that it does not know what it holds, and no licence", () =>
  inFolder(async (folder) => {
    for (const name of MINI) {
      const bytes = await Deno.readFile(join(WEIGHTS_FOLDER, name));
      bytes[bytes.length - 2] ^= 1;
      await Deno.writeFile(join(folder, name), bytes);
    }
    const [origin] = await weightsOrigins(folder);
    assertEquals(origin, { file: MINI[0], sha256: await sha256OfFile(join(folder, MINI[0])) });
  }));
