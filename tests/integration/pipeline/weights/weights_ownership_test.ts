import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { cannotSave } from "../../../../pipeline/weights/fetch_weights.ts";
import { PartialDownload } from "../../../../pipeline/weights/partial_download.ts";
import { UserError } from "../../../../pipeline/files/user_error.ts";
import { inFolder } from "../in_folder.ts";
import { answer, WeightsServer } from "./weights_server.ts";
import { Folder, NAMES, RESNET50, TAG, tinyManifest, UNFINISHED } from "./weights_target.ts";

const MINE = new TextEncoder().encode("my thesis");
const HOLDER = fromFileUrl(new URL("hold_partial.ts", import.meta.url));

/** Downloads into a folder in which `lay` has put something; that must be refused, and everything stay as it is. */
async function assertUntouched(
  lay: (full: string, elsewhere: string) => Promise<unknown>,
  message: string,
  command: "mirror" | "from" = "mirror",
): Promise<void> {
  await using server = new WeightsServer((request) => answer(request, RESNET50));
  await using source = await Folder.with(tinyManifest(), { [NAMES[0]]: RESNET50 });
  await using folder = await Folder.with(tinyManifest());
  const full = join(folder.path, "full");
  const elsewhere = join(folder.path, "elsewhere");
  await Deno.writeFile(elsewhere, MINE);
  await lay(full, elsewhere);
  const before = await folder.names();
  const where = command === "mirror" ? { mirror: server.address } : { from: join(source.path, "full") };
  const error = await assertRejects(() => folder.fetch(where), UserError, message);
  assertStringIncludes(error.message, "Move it away");
  assertEquals(await folder.names(), before);
  assertEquals(await Deno.readFile(elsewhere), MINE);
  assertEquals(server.exchanges.length, 0);
}

const LAID: [what: string, lay: (path: string, elsewhere: string) => Promise<unknown>][] = [
  ["a person's file", (path) => Deno.writeFile(path, MINE)],
  ["a link to a file", (path, elsewhere) => Deno.symlink(elsewhere, path)],
  ["a link to nothing", (path) => Deno.symlink(`${path}.nothing`, path)],
  ["another name of a file", (path, elsewhere) => Deno.link(elsewhere, path)],
  ["a named pipe", (path) => new Deno.Command("mkfifo", { args: [path] }).output()],
  ["a folder", (path) => Deno.mkdir(path)],
];

for (const [what, lay] of LAID) {
  for (const command of ["mirror", "from"] as const) {
    Deno.test(`fetchWeights() with --${command} never touches ${what} under a name that it needs`, async () => {
      const at = (name: string) => (full: string, elsewhere: string) => lay(join(full, name), elsewhere);
      await assertUntouched(at(NAMES[0]), "is another file", command);
      await assertUntouched(at(UNFINISHED), "Cannot download to", command);
      await assertUntouched(at(TAG), "Cannot download to", command);
    });
  }
}

Deno.test("fetchWeights() does not go on with a link of bytes that stands beside a right tag", async () => {
  await assertUntouched(async (full, elsewhere) => {
    await Deno.writeTextFile(join(full, TAG), '"one"');
    await Deno.symlink(elsewhere, join(full, UNFINISHED));
  }, "got a link");
});

Deno.test("fetchWeights() says in one line that another process is at it, until that is killed", async () => {
  await using server = new WeightsServer((request) => answer(request, RESNET50));
  await using folder = await Folder.with();
  const path = join(folder.path, "full", UNFINISHED);
  const holder = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "-A", HOLDER, path],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const output = holder.stdout.getReader();
  try {
    assertEquals(new TextDecoder().decode((await output.read()).value), "held\n");
    const fetched = () => folder.fetch({ mirror: server.address });
    await assertRejects(fetched, UserError, "another process is downloading it");
    assertEquals([server.exchanges.length, await Deno.readFile(path)], [0, Uint8Array.of(1, 2, 3)]);
  } finally {
    holder.kill("SIGKILL");
    await holder.status;
    await output.cancel();
  }
  await folder.fetch({ mirror: server.address });
  await folder.assertComplete();
});

Deno.test("fetchWeights() twice at once: one brings the file, the other brings it too or says who does", async () => {
  await using server = new WeightsServer((request) => answer(request, RESNET50));
  await using folder = await Folder.with();
  const both = await Promise.allSettled([1, 2, 3].map(() => folder.fetch({ mirror: server.address })));
  for (const each of both) if (each.status === "rejected") assertStringIncludes(`${each.reason}`, "another process");
  assertEquals(both.some(({ status }) => status === "fulfilled"), true);
  await folder.assertComplete();
});

Deno.test("PartialDownload.open() waits for the tag that another process is about to write", () =>
  inFolder(async (folder) => {
    const path = join(folder, "a.unfinished");
    await Deno.writeTextFile(path, "bytes");
    const opened = PartialDownload.open(path);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await Deno.writeTextFile(`${path}.etag`, "none");
    await using partial = await opened;
    assertEquals(await partial.size(), 5);
  }));

Deno.test("fetchWeights() refuses a folder or a pipe in the folder of --from, in one line", async () => {
  for (const [kind, lay] of LAID.slice(-2)) {
    await using source = await Folder.with();
    await using folder = await Folder.with();
    await lay(join(source.path, "full", NAMES[0]), "");
    const error = await assertRejects(
      () => folder.fetch({ from: join(source.path, "full") }),
      UserError,
      `got ${kind}`,
    );
    assertStringIncludes(error.message, "Name another folder with --from");
    assertEquals(await folder.names(), [NAMES[1]]);
  }
});

Deno.test("fetchWeights() refuses a file of --from that is too large before it copies it", async () => {
  await using source = await Folder.with(tinyManifest({ sha256: false }), { [NAMES[0]]: RESNET50 });
  await using folder = await Folder.with(tinyManifest({ sha256: false }));
  await Deno.truncate(join(source.path, "full", NAMES[0]), 2 ** 40);
  await assertRejects(() => folder.fetch({ from: join(source.path, "full") }), UserError, "at most 500000000 bytes");
  assertEquals(await folder.names(), [NAMES[1]]);
});

Deno.test("cannotSave() says of a full disk what to do, and of others what is the matter", () => {
  const full = cannotSave("a", new Error("No space left on device (os error 28)"));
  assertEquals(
    full.message,
    "Cannot save a: the disk is full. Free some space, then run the same command again: it goes on from there",
  );
  assertStringIncludes(cannotSave("a", new Error("Read-only file system (os error 30)")).message, "Read-only");
});
