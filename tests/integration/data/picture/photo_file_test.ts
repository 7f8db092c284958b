import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { PhotoError } from "../../../../data/photo_error.ts";
import { MAXIMUM_PHOTO_BYTES, readPhotoFile } from "../../../../data/picture/photo_file.ts";
import { inFolder } from "../../pipeline/in_folder.ts";
import { makeFifo, makeSparse } from "../files/awkward_files.ts";

Deno.test("readPhotoFile() gives what is in a file, or in the file that a link leads to", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.jpg");
    for (const size of [0, 1, 70_000, 300_000]) {
      const bytes = Uint8Array.from({ length: size }, (_, k) => k % 251);
      await Deno.writeFile(path, bytes);
      assertEquals(await readPhotoFile(path), bytes);
    }
    await Deno.symlink(path, join(folder, "b.jpg"));
    assertEquals((await readPhotoFile(join(folder, "b.jpg"))).length, 300_000);
  }));

Deno.test("readPhotoFile() opens no FIFO, socket, device or folder, nor what links to one", () =>
  inFolder(async (folder) => {
    await makeFifo(join(folder, "fifo.jpg"));
    await Deno.mkdir(join(folder, "folder.jpg"));
    using _ = Deno.listen({ transport: "unix", path: join(folder, "socket.jpg") });
    await Deno.symlink("/dev/zero", join(folder, "device.jpg"));
    await Deno.symlink("fifo.jpg", join(folder, "link.jpg"));
    const kinds = { fifo: "a named pipe", link: "a named pipe", folder: "a folder", socket: "a socket" };
    for (const [name, kind] of [...Object.entries(kinds), ["device", "a device"]]) {
      const error = await assertRejects(() => readPhotoFile(join(folder, `${name}.jpg`)), PhotoError);
      assertEquals(error.message, `unreadable: ${kind}, not a regular file`);
    }
  }));

Deno.test("readPhotoFile() says in plain words why there is nothing to read", () =>
  inFolder(async (folder) => {
    await Deno.symlink("circle.jpg", join(folder, "circle.jpg"));
    const cases = {
      "gone.jpg": "nothing there",
      "circle.jpg": "links that lead in a circle",
      [`${"x".repeat(300)}.jpg`]: "a path that is too long",
    };
    for (const [name, reason] of Object.entries(cases)) {
      const error = await assertRejects(() => readPhotoFile(join(folder, name)), PhotoError);
      assertEquals(error.message, `unreadable: ${reason}`);
    }
  }));

Deno.test("readPhotoFile() reads up to its limit and not beyond, whatever size a file is said to have", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.jpg");
    await makeSparse(path, MAXIMUM_PHOTO_BYTES);
    assertEquals((await readPhotoFile(path)).length, MAXIMUM_PHOTO_BYTES);
    for (const bytes of [MAXIMUM_PHOTO_BYTES + 1, 1e12]) {
      await makeSparse(path, bytes);
      const error = await assertRejects(() => readPhotoFile(path), PhotoError);
      assertEquals(error.message, "too large: the file has more than 128 MiB");
    }
  }));

const PROC = "/proc/self/maps";
const hasProc = await Deno.stat(PROC).then(({ size }) => size === 0, () => false);
Deno.test({
  name: "readPhotoFile() reads a file on that is said to be empty" + (hasProc ? "" : ` (ignored: no ${PROC})`),
  ignore: !hasProc,
  fn: async () => assertEquals((await readPhotoFile(PROC)).length > 0, true),
});
