import { join } from "@std/path";
import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import type { z } from "zod";
import { randomFrom, shuffled } from "../../../data/random.ts";
import { ScannedPhotos, SplitPhotos } from "../../../pipeline/photos/photo.ts";
import { zipFile } from "../../integration/data/source/zip_file.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { filesBelow, runWell } from "../command_line.ts";
import { copyFolder, manifestOf, outputOf } from "../run_files.ts";
import { drawSmall } from "../small_run.ts";

// The same photos in every test: as Kaggle's folders name them, in `drawn/photos`, and already split in `drawn/run`.
const drawn = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(drawn, { recursive: true }));
const SPLIT = "stage split --weights mini --out run";

Deno.test.beforeAll(async () => {
  await drawSmall(drawn);
  await Deno.remove(join(drawn, "photos/truth.json"));
  await runWell(`${SPLIT} --data photos`, drawn);
});

const UP_TO_DATE = "run: nothing to do, all 4 stages are up to date";

/** Files by their path below a folder, in an order of its own. */
async function contents(folder: string): Promise<{ name: string; bytes: Uint8Array<ArrayBuffer> }[]> {
  const paths = shuffled(await filesBelow(folder), randomFrom(0, folder.slice(-5)));
  return await Promise.all(
    paths.map(async (path) => ({ name: path.slice(folder.length + 1), bytes: await Deno.readFile(path) })),
  );
}

/** Everything that was found out about the photos of a run up to their split. */
async function findings(folder: string) {
  const stages = ["scan", "trim", "filter", "split"] as const;
  return await Promise.all(stages.map((stage) => Deno.readTextFile(join(folder, "run", stage, "output.json"))));
}

Deno.test("Kaggle's zip files give what their folders give: as two files, and as the folder that holds both", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "zips"));
    for (const [set, name] of [["train", "train.zip"], ["test", "test1.zip"]]) {
      const entries = await contents(join(drawn, "photos", set));
      const zip = zipFile(entries.map(({ name, bytes }) => ({ name: `${set}/${name}`, bytes })));
      await Deno.writeFile(join(folder, "zips", name), zip);
    }
    for (const options of ["--data zips", "--data zips/train.zip --test zips/test1.zip"]) {
      await runWell(`${SPLIT} ${options}`, folder);
      assertEquals(await findings(folder), await findings(drawn), options);
      await Deno.remove(join(folder, "run"), { recursive: true });
    }
    // A run goes on with the zip files where it was with the folders: the photos are the same.
    await copyFolder(join(drawn, "run"), join(folder, "run"));
    assertMatch((await runWell(`${SPLIT} --data zips --replace`, folder)).stderr, /^run: ran scan in /m);
  }));

Deno.test("folders named after a class, in any case and number, label their photos as the file names do", async () => {
  const expected = await outputOf(join(drawn, "run"), "scan", ScannedPhotos);
  const labels = ({ train }: z.infer<typeof ScannedPhotos>) =>
    train.map(({ sha256, label }) => `${sha256} ${label}`).sort();
  for (const [cats, dogs] of [["cats", "dogs"], ["Cat", "DOGS"]]) {
    await inFolder(async (folder) => {
      for (const { name, bytes } of await contents(join(drawn, "photos/train"))) {
        const [label, number] = name.split(".");
        const path = join(folder, "mine", label === "cat" ? cats : dogs);
        await Deno.mkdir(path, { recursive: true });
        await Deno.writeFile(join(path, `${number}.jpg`), bytes);
      }
      await copyFolder(join(drawn, "photos/test"), join(folder, "others"));
      await runWell(`${SPLIT} --data mine --test others`, folder);
      const run = join(folder, "run");
      assertEquals(labels(await outputOf(run, "scan", ScannedPhotos)), labels(expected));
      for (const stage of ["scan", "trim", "filter"] as const) {
        const { counts } = await manifestOf(join(drawn, "run"), stage);
        assertEquals((await manifestOf(run, stage)).counts, counts, stage);
      }
      const { train, duplicates } = await outputOf(run, "split", SplitPhotos);
      assertEquals(train.filter(({ id }) => id.startsWith(`${cats}/`)).length, train.length / 2);
      assertEquals(duplicates.length, (await outputOf(join(drawn, "run"), "split", SplitPhotos)).duplicates.length);
    });
  }
});

Deno.test("another order of files on disk gives the same split", () =>
  inFolder(async (folder) => {
    for (const { name, bytes } of await contents(join(drawn, "photos"))) {
      const path = join(folder, "photos", name);
      await Deno.mkdir(join(path, ".."), { recursive: true });
      await Deno.writeFile(path, bytes);
    }
    await runWell(`${SPLIT} --data photos`, folder);
    assertEquals(await findings(folder), await findings(drawn));
  }));

Deno.test("a photo that was only touched reruns nothing; one that was changed, added or removed reruns its stages", () =>
  inFolder(async (folder) => {
    await copyFolder(drawn, folder);
    const photos = join(folder, "photos/train");
    const { train } = await outputOf(join(folder, "run"), "scan", ScannedPhotos);
    const [first, second] = train.map(({ id }) => join(photos, id));
    await Deno.utime(first, new Date(2001, 1, 1), new Date(2001, 1, 1));
    assertStringIncludes((await runWell(SPLIT, folder)).stderr, UP_TO_DATE);

    const changes: [what: string, change: () => Promise<void>][] = [
      ["changed", async () => await Deno.writeFile(first, await Deno.readFile(second))],
      ["added", async () => await Deno.copyFile(second, join(photos, "cat.4711.jpg"))],
      ["removed", async () => await Deno.remove(second)],
    ];
    for (const [what, change] of changes) {
      const before = await findings(folder);
      await change();
      const { stderr } = await runWell(SPLIT, folder);
      for (const line of ["scan (the training photos changed)", "trim (scan changed)"]) {
        assertStringIncludes(stderr, line, what);
      }
      const after = await findings(folder);
      before.slice(0, 2).forEach((finding, k) => assertNotEquals(after[k], finding, what));
      assertStringIncludes((await runWell(SPLIT, folder)).stderr, UP_TO_DATE);
    }
    assert(
      (await outputOf(join(folder, "run"), "split", SplitPhotos)).duplicates.some((g) => g.includes("cat.4711.jpg")),
    );
  }));
