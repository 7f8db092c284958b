import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { ScannedPhotos } from "../../../pipeline/photos/photo.ts";
import { makeFifo, makeNameless, makeSparse } from "../../integration/data/files/awkward_files.ts";
import { zipFile } from "../../integration/data/source/zip_file.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { command, photoNames, writePhotos } from "../command_line.ts";
import { outputOf } from "../run_files.ts";
import { runSmall } from "../small_run.ts";

/** Longer than any of these commands takes: one that hangs is killed, and fails. */
const PATIENCE = 60_000;

async function runInTime(words: readonly string[], folder: string) {
  const process = command(words, folder).spawn();
  let hung = false;
  const timer = setTimeout(() => {
    hung = true;
    process.kill("SIGKILL");
  }, PATIENCE);
  const { code, stdout, stderr } = await process.output();
  clearTimeout(timer);
  const decoder = new TextDecoder();
  const printed = { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  assert(!hung, `${words.join(" ")} hung: ${printed.stderr}`);
  return printed;
}

const scanning = (data: string) => ["stage", "scan", "--data", data, "--weights", "mini", "--out", "run"];

/** Files that are no photos, of the worst kinds, and why each is none. */
async function writeAwkward(folder: string): Promise<Record<string, string>> {
  await makeFifo(join(folder, "cat.fifo.jpg"));
  await Deno.symlink("cat.fifo.jpg", join(folder, "dog.fifo.jpg"));
  await Deno.symlink("/dev/zero", join(folder, "cat.zero.jpg"));
  await makeSparse(join(folder, "cat.sparse.jpg"), 1e11, Uint8Array.of(0xff, 0xd8, 0xff));
  await makeNameless(folder, new Uint8Array(9));
  return {
    "cat.fifo.jpg": "unreadable: a named pipe, not a regular file",
    "cat.sparse.jpg": "too large: the file has more than 128 MiB",
    "cat.zero.jpg": "unreadable: a device, not a regular file",
    "cat.\ufffd.jpg": "unreadable: its name is not UTF-8. Rename it",
    "cat.\ufffd.jpg (2)": "unreadable: its name is not UTF-8. Rename it",
  };
}

Deno.test("scan leaves out FIFOs, devices, giants and nameless files, says why, and goes on", () =>
  inFolder(async (folder) => {
    const photos = join(folder, "photos");
    await writePhotos(photos, photoNames(2));
    const reasons = await writeAwkward(photos);
    await Deno.symlink("cat.0.jpg", join(photos, "cat.again.jpg"));
    const { code, stderr } = await runInTime(scanning("photos"), folder);
    assertEquals(code, 0, stderr);
    const { train, unreadableTrain } = await outputOf(join(folder, "run"), "scan", ScannedPhotos);
    assertEquals(train.map(({ id }) => id), photoNames(2).toSorted());
    assertEquals(Object.fromEntries(unreadableTrain.map(({ id, reason }) => [id, reason])), reasons);
    assertStringIncludes(stderr, "cat.again.jpg in the training folder is left out: it is the same file as cat.0.jpg");
    assertStringIncludes(
      stderr,
      "dog.fifo.jpg in the training folder is left out: it is the same file as cat.fifo.jpg",
    );
  }));

Deno.test("a zip file of which nothing can be read ends in the reason", () =>
  inFolder(async (folder) => {
    const entries = photoNames(4).map((name) => ({ name, bytes: new Uint8Array(9), claims: { flags: 1 } }));
    await Deno.writeFile(join(folder, "train.zip"), zipFile(entries));
    const { code, stderr } = await runInTime(scanning("train.zip"), folder);
    assertEquals(code, 1, stderr);
    assertStringIncludes(stderr, "could not read cat.0.jpg and 7 more (unreadable: it is encrypted.");
  }));

Deno.test("predict names what is no regular file, or too large, and predicts the others", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    const awkward = join(folder, "awkward");
    await writePhotos(awkward, ["cat.0.jpg"]);
    const reasons = await writeAwkward(awkward);
    const words = ["predict", "awkward", "awkward/cat.fifo.jpg", "/dev/zero", "photos/test/1.jpg", "--run", "run"];
    const { code, stdout, stderr } = await runInTime([...words, "--json"], folder);
    assertEquals(code, 1, stderr);
    assertEquals(JSON.parse(stdout).map(({ photo }: { photo: string }) => photo), [
      "awkward/cat.0.jpg",
      "photos/test/1.jpg",
    ]);
    for (const [id, reason] of Object.entries(reasons)) assertStringIncludes(stderr, `awkward/${id}: ${reason}`);
    assertStringIncludes(stderr, "/dev/zero: unreadable: a device, not a regular file");
  }));
