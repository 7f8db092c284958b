import { join } from "@std/path";
import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { FolderError } from "../../../../data/owned/folder_error.ts";
import { OwnedFolder } from "../../../../data/owned/owned_folder.ts";
import { isPlainName } from "../../../../data/owned/plain_name.ts";
import { UNFINISHED } from "../../../../data/owned/replace_file.ts";
import { inFolder } from "../../pipeline/in_folder.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const textAt = (path: string) => Deno.readTextFile(path).catch(() => undefined);

Deno.test("OwnedFolder writes, lists and removes its own files, and knows them in the next process", () =>
  inFolder(async (folder) => {
    const root = join(folder, "run");
    const first = new OwnedFolder(root, "run");
    await first.write("b.txt", bytes("b"));
    await first.write("below/deep/a.txt", bytes("a"));
    await first.write("b.txt", bytes("again"));
    const second = new OwnedFolder(root, "run");
    assertEquals([await second.names(), await second.names("below/deep")], [["b.txt"], ["a.txt"]]);
    await second.write("b.txt", bytes("later"));
    await second.remove("below/deep/a.txt");
    await second.remove("below/deep/a.txt");
    const third = new OwnedFolder(root, "run");
    assertEquals([await third.names(), await third.names("below/deep")], [["b.txt"], []]);
    assertEquals(await textAt(join(root, "b.txt")), "later");
  }));

Deno.test("OwnedFolder makes nothing until it writes", () =>
  inFolder(async (folder) => {
    const owned = new OwnedFolder(join(folder, "run"), "run");
    assertEquals([await owned.names(), await owned.owns("a")], [[], false]);
    await owned.remove("a");
    await owned.removeUnfinished("train");
    await owned.assertReal("train");
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  }));

Deno.test("OwnedFolder neither removes nor writes over a file that it did not write, or had removed before", () =>
  inFolder(async (folder) => {
    const owned = new OwnedFolder(folder, "run");
    await owned.write("train/ours", bytes("ours"));
    await owned.remove("train/ours");
    for (const name of ["train/theirs", "train/ours", `train/new${UNFINISHED}`]) {
      await Deno.writeTextFile(join(folder, name), "theirs");
      await owned.remove(name);
      const target = name.replace(UNFINISHED, "");
      await assertRejects(() => owned.write(target, bytes("ours")), FolderError, "expected nothing there but what");
      assertEquals(await textAt(join(folder, name)), "theirs");
      assertEquals(await owned.owns(name), false);
    }
  }));

Deno.test("OwnedFolder follows no link below its root", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "elsewhere"));
    await Deno.writeTextFile(join(folder, "elsewhere/file"), "theirs");
    const owned = new OwnedFolder(join(folder, "run"), "run");
    await owned.write("train/file", bytes("ours"));
    await Deno.remove(join(folder, "run/train"), { recursive: true });
    await Deno.symlink("../elsewhere", join(folder, "run/train"));
    for (
      const act of [
        () => owned.write("train/file", bytes("ours")),
        () => owned.remove("train/file"),
        () => owned.removeUnfinished("train"),
        () => owned.assertReal("train"),
      ]
    ) await assertRejects(act, FolderError, "expected a folder of a run, got a link");
    // A link in the place of a file of its own goes; what it leads to stays.
    await owned.write("file", bytes("ours"));
    await Deno.remove(join(folder, "run/file"));
    await Deno.symlink("../elsewhere/file", join(folder, "run/file"));
    await owned.write("file", bytes("ours"));
    await Deno.remove(join(folder, "run/file"));
    await Deno.symlink("../elsewhere/file", join(folder, "run/file"));
    await owned.remove("file");
    assertEquals(await textAt(join(folder, "elsewhere/file")), "theirs");
    assertEquals((await Deno.lstat(join(folder, "run/train"))).isSymlink, true);
  }));

Deno.test("OwnedFolder refuses to go on where its marker was taken away or is another's", () =>
  inFolder(async (folder) => {
    const owned = new OwnedFolder(join(folder, "run"), "run");
    await owned.write("file", bytes("ours"));
    await Deno.remove(join(folder, "run/run.json"));
    await assertRejects(() => owned.write("file", bytes("new")), FolderError, "got one that holds file");
    await owned.remove("file");
    assertEquals(await textAt(join(folder, "run/file")), "ours");
    await new OwnedFolder(join(folder, "other"), "run").claim();
    await Deno.copyFile(join(folder, "other/run.json"), join(folder, "run/run.json"));
    const later = new OwnedFolder(join(folder, "run"), "run");
    await assertRejects(() => later.write("file", bytes("new")), FolderError, "belongs to another folder");
    await assertRejects(() => later.remove("file"), FolderError, "belongs to another folder");
    assertEquals(await textAt(join(folder, "run/file")), "ours");
  }));

// A model of what a folder holds, against writes and removals of ours and of somebody else's in any order.
Deno.test("OwnedFolder leaves every file of somebody else's to the byte, whatever is done", async () => {
  const NAMES = ["a", "b", `a${UNFINISHED}`, "train/a", "train/b", "files.txt"];
  const step = fc.record({
    act: fc.constantFrom("write", "remove", "theirs", "their removal", "new process"),
    name: fc.constantFrom(...NAMES),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), (steps) =>
      inFolder(async (folder) => {
        const root = join(folder, "run");
        let owned = new OwnedFolder(root, "run");
        await owned.claim();
        await Deno.mkdir(join(root, "train"));
        const theirs = new Map<string, string>();
        const ours = new Set<string>();
        for (const [k, { act, name }] of steps.entries()) {
          const path = join(root, name);
          // While a file is ours, so is the name that it has before it is whole.
          const isOurs = ours.has(name.replace(UNFINISHED, ""));
          if (act === "new process") owned = new OwnedFolder(root, "run");
          else if (act === "theirs" && !isOurs) {
            theirs.set(name, `theirs ${k}`);
            await Deno.writeTextFile(path, `theirs ${k}`);
          } else if (act === "their removal" && theirs.delete(name)) await Deno.remove(path);
          else if (act === "write" && name.endsWith(UNFINISHED)) {
            await assertRejects(() => owned.write(name, bytes("ours")), RangeError, "expected a name");
          } else if (act === "write") {
            const isFree = !theirs.has(name) && !theirs.has(`${name}${UNFINISHED}`);
            const wrote = await owned.write(name, bytes("ours")).then(() => true, (thrown) => {
              if (thrown instanceof FolderError) return false;
              throw thrown;
            });
            assertEquals(wrote, isFree);
            if (wrote) ours.add(name);
          } else if (act === "remove") {
            await owned.remove(name);
            ours.delete(name);
          }
          for (const [name, text] of theirs) assertEquals(await textAt(join(root, name)), text, `${k}: ${name}`);
        }
      })),
    { numRuns: 60, examples: [[[{ act: "write", name: `a${UNFINISHED}` }, { act: "write", name: "a" }]]] },
  );
});

Deno.test("OwnedFolder takes any plain name that the disk takes", () =>
  inFolder(async (folder) => {
    const owned = new OwnedFolder(folder, "run");
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 })
      .filter((name) => isPlainName(name) && !name.startsWith("run.json") && name !== "files.jsonl");
    await fc.assert(
      fc.asyncProperty(name, async (name) => {
        await owned.write(`any/${name}`, bytes(name));
        assertEquals(await textAt(join(folder, "any", name)), name);
        assertEquals(await new OwnedFolder(folder, "run").owns(`any/${name}`), true);
        await owned.remove(`any/${name}`);
      }),
      { numRuns: 50 },
    );
  }));

Deno.test("OwnedFolder writes nothing under a path that leads out of it", () =>
  inFolder(async (folder) => {
    const owned = new OwnedFolder(join(folder, "run"), "run");
    await owned.claim();
    for (const path of ["../out", "../new/out", "/out", "a/../../out", "", "a//b", "a\0b"]) {
      await assertRejects(() => owned.write(path, bytes("x")), RangeError, "expected a path below");
    }
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name), ["run"]);
    assertEquals((await Array.fromAsync(Deno.readDir(owned.root))).map(({ name }) => name), ["run.json"]);
  }));

Deno.test("OwnedFolder.append() writes on in its own file, over what was begun behind the given length", () =>
  inFolder(async (folder) => {
    const owned = new OwnedFolder(join(folder, "run"), "run");
    await owned.write("below/list", bytes("one,"));
    assertEquals(await owned.append("below/list", 4, bytes("two,br")), true);
    assertEquals(await owned.append("below/list", 8, bytes("three")), true);
    assertEquals(await textAt(join(folder, "run/below/list")), "one,two,three");
  }));

Deno.test("OwnedFolder.append() writes into nothing but a file of its own that has one name and that length", () =>
  inFolder(async (folder) => {
    const owned = new OwnedFolder(join(folder, "run"), "run");
    const at = (name: string) => join(folder, "run", name);
    await Deno.writeTextFile(join(folder, "theirs"), "theirs");
    for (const name of ["linked", "named twice", "gone", "short", "folder"]) await owned.write(name, bytes("1234"));
    for (const name of ["linked", "named twice", "gone", "folder"]) await Deno.remove(at(name));
    await Deno.symlink(join(folder, "theirs"), at("linked"));
    await Deno.link(join(folder, "theirs"), at("named twice"));
    await Deno.mkdir(at("folder"));
    await Deno.writeTextFile(at("not ours"), "1234");
    for (const name of ["linked", "named twice", "gone", "folder", "not ours"]) {
      assertEquals(await owned.append(name, 4, bytes("more")), false, name);
    }
    assertEquals(await owned.append("short", 5, bytes("more")), false);
    assertEquals([await textAt(join(folder, "theirs")), await textAt(at("not ours"))], ["theirs", "1234"]);
    assertEquals([await textAt(at("short")), await textAt(at("gone"))], ["1234", undefined]);
  }));

Deno.test("OwnedFolder knows what another process has written into it meanwhile, and takes none of it out of the list", () =>
  inFolder(async (folder) => {
    const [first, second] = [new OwnedFolder(folder, "run"), new OwnedFolder(folder, "run")];
    await first.write("a", bytes("first"));
    await second.write("b", bytes("second"));
    await first.write("c", bytes("first"));
    await second.write("a", bytes("second"));
    await first.remove("b");
    assertEquals([await first.names(), await second.names()], [["a", "c"], ["a", "c"]]);
    assertEquals(await new OwnedFolder(folder, "run").names(), ["a", "c"]);
    await Promise.all(Array.from({ length: 20 }, (_, k) => (k % 2 ? first : second).write(`many/${k}`, bytes("x"))));
    assertEquals((await new OwnedFolder(folder, "run").names("many")).length, 20);
  }));

Deno.test("OwnedFolder lends a file to one holder at a time", () =>
  inFolder(async (folder) => {
    const [first, second] = [new OwnedFolder(folder, "run"), new OwnedFolder(folder, "run")];
    await first.claim();
    const order: string[] = [];
    const add = async (owned: OwnedFolder, word: string) => {
      using file = await owned.openLocked("list");
      order.push(`${word} has it`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await file.writeAfter(await file.size(), bytes(word));
      order.push(`${word} is done`);
    };
    await Promise.all(["a", "b", "c", "d"].map((word, k) => add(k % 2 ? first : second, word)));
    for (let k = 0; k < order.length; k += 2) assertEquals(order[k].slice(0, 1), order[k + 1].slice(0, 1));
    assertEquals([...await Deno.readTextFile(join(folder, "list"))].sort(), ["a", "b", "c", "d"]);
    assertEquals(await second.owns("list"), true);
  }));

Deno.test("OwnedFolder lends no link and no file that has a second name", () =>
  inFolder(async (folder) => {
    const owned = new OwnedFolder(folder, "run");
    await owned.write("list", bytes("ours"));
    await Deno.link(join(folder, "list"), join(folder, "second"));
    await assertRejects(() => owned.openLocked("list"), FolderError, "a file of several names");
    await Deno.remove(join(folder, "list"));
    await Deno.symlink(join(folder, "second"), join(folder, "list"));
    await assertRejects(() => owned.openLocked("list"), FolderError, "got a link");
    assertEquals(await textAt(join(folder, "second")), "ours");
  }));

Deno.test("OwnedFolder.create() writes over nothing that another process has written just before", () =>
  inFolder(async (folder) => {
    const [first, second] = [new OwnedFolder(folder, "run"), new OwnedFolder(folder, "run")];
    await first.create("review.json", bytes("first"));
    await second.create("review.json", bytes("second"));
    assertEquals(await textAt(join(folder, "review.json")), "first");
    await second.write("review.json", bytes("second"));
    await first.create("review.json", bytes("first"));
    assertEquals(await textAt(join(folder, "review.json")), "second");
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort(), [
      "files.jsonl",
      "review.json",
      "run.json",
    ]);
  }));
