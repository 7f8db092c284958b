import { join } from "@std/path";
import { assertEquals } from "@std/assert";
import { folderState, markFolder } from "../../../../data/owned/folder_marker.ts";
import { inFolder } from "../../pipeline/in_folder.ts";

const namesIn = async (folder: string) => (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();

Deno.test("folderState() tells a free place, a folder of ours, one of somebody's, and what is none", () =>
  inFolder(async (folder) => {
    const path = (name: string) => join(folder, name);
    assertEquals(await folderState(path("new/deep"), "run"), { is: "free" });
    await Deno.mkdir(path("empty"));
    assertEquals(await folderState(path("empty"), "run"), { is: "free" });
    const id = await markFolder(path("empty"), "run");
    assertEquals(await folderState(path("empty"), "run"), { is: "owned", id });
    assertEquals(await folderState(path("empty"), "sample"), { is: "foreign", holds: "run.json" });
    await Deno.writeTextFile(path("file"), "");
    assertEquals(await folderState(path("file"), "run"), { is: "no folder" });
    await Deno.symlink("nowhere", path("link"));
    assertEquals(await folderState(path("link"), "run"), { is: "no folder" });
    assertEquals((await folderState(folder, "run")).is, "foreign");
  }));

Deno.test("folderState() takes no other program's file for a marker, and no link to one", () =>
  inFolder(async (folder) => {
    const id = await markFolder(join(folder, "run"), "run");
    const whole = await Deno.readTextFile(join(folder, "run/run.json"));
    const other = join(folder, "other");
    await Deno.mkdir(other);
    const texts = ["", "{}", "null", whole.slice(0, 20), whole.replace("cats-vs-dogs", "dogs"), whole.replace(id, "1")];
    for (const text of [...texts, whole + " ".repeat(2000), whole.replace('"run"', '"sample"')]) {
      await Deno.writeTextFile(join(other, "run.json"), text);
      assertEquals(await folderState(other, "run"), { is: "foreign", holds: "run.json" }, text);
    }
    await Deno.remove(join(other, "run.json"));
    await Deno.symlink("../run/run.json", join(other, "run.json"));
    assertEquals(await folderState(other, "run"), { is: "foreign", holds: "run.json" });
  }));

Deno.test("markFolder() marks a folder once, whoever comes first", () =>
  inFolder(async (folder) => {
    const ids = await Promise.all(Array.from({ length: 8 }, () => markFolder(join(folder, "run"), "run")));
    assertEquals(new Set(ids).size, 1);
    assertEquals(await namesIn(join(folder, "run")), ["run.json"]);
  }));

Deno.test("a folder whose marking was killed is free, and one with a name that is nearly the same is not", () =>
  inFolder(async (folder) => {
    const id = crypto.randomUUID();
    await Deno.writeTextFile(join(folder, `run.json.${id}.unfinished`), "");
    assertEquals(await folderState(folder, "run"), { is: "free" });
    await markFolder(folder, "run");
    assertEquals((await folderState(folder, "run")).is, "owned");
  }));

Deno.test("a file that only looks like an unfinished marker is somebody's", () =>
  inFolder(async (folder) => {
    const names = [
      "run.json.unfinished",
      "run.json.1.unfinished",
      `sample.json.${crypto.randomUUID()}.unfinished`,
      `run.json.${crypto.randomUUID()}.unfinished`,
    ];
    for (const name of names) {
      await Deno.writeTextFile(join(folder, name), "theirs");
      assertEquals(await folderState(folder, "run"), { is: "foreign", holds: name });
      await Deno.remove(join(folder, name));
    }
  }));
