import { join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { z } from "zod";
import { zipFile } from "../../integration/data/source/zip_file.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { photoNames, runWell, writePhotos } from "../command_line.ts";
import { runInProcess } from "../in_process.ts";
import { copyFolder } from "../run_files.ts";

const SCAN = "stage scan --weights mini";

/** Runs a command that must end well, and gives what it says. */
async function well(words: string, folder: string): Promise<string> {
  const { code, stderr } = await runInProcess(words, folder);
  assertEquals(code, 0, `${words}: ${stderr}`);
  return stderr;
}

/** Runs a command that must be refused, and gives why. */
async function refused(words: string, folder: string): Promise<string> {
  const { code, stderr } = await runInProcess(words, folder);
  assertEquals(code, 1, words);
  return stderr.trimEnd().split("\n").at(-1) ?? "";
}

const namesIn = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

async function settingsOf(folder: string, run: string) {
  const text = await Deno.readTextFile(join(folder, run, "config.json"));
  return z.object({ data: z.string().nullable(), test: z.string().nullable(), seed: z.number() }).parse(
    JSON.parse(text),
  );
}

Deno.test("the same photos have one run, however they are named: relative, absolute, by a link, in a zip, one folder up", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos/train"), photoNames(3));
    await Deno.symlink("photos", join(folder, "link"));
    const entries = photoNames(3).map((name) => ({
      name,
      bytes: Deno.readFileSync(join(folder, "photos/train", name)),
    }));
    await Deno.writeFile(join(folder, "photos/train.zip"), zipFile(entries));
    await well(`${SCAN} --data photos/train`, folder);
    const others = ["photos", "./photos/train/", `${folder}/photos/train`, "link/train", "link", "photos/train.zip"];
    for (const data of others) {
      assertStringIncludes(await well(`${SCAN} --data ${data}`, folder), "runs/photos-train: nothing to do", data);
      assertStringIncludes(await well(`${SCAN} --data ${data} --out runs/photos-train`, folder), "nothing to do", data);
    }
    assertEquals(namesIn(join(folder, "runs")), ["photos-train"]);
  }));

Deno.test("folders of one name have a run each; --data finds it, and without it the latest goes on", () =>
  inFolder(async (folder) => {
    for (const place of ["a", "b", "c-d"]) await writePhotos(join(folder, place, "train"), photoNames(3));
    for (const place of ["a", "b", "c-d"]) await well(`${SCAN} --data ${place}/train`, folder);
    const [first, second, third, ...more] = namesIn(join(folder, "runs"));
    assertEquals([first, second, more], ["a-train", "b-train", []]);
    assertMatch(third, /^c-d-train-[0-9a-f]{8}$/);
    assertStringIncludes((await runWell("status --data a", folder)).stdout, "runs/a-train\n");
    assertStringIncludes((await runWell("status", folder)).stdout, `runs/${third}\n`);
    assertStringIncludes(await well("stage trim --data b/train --weights mini", folder), "runs/b-train: ran trim in");
    assertStringIncludes(await well("stage filter", folder), "runs/b-train: ran filter in");
    assertMatch(await refused("predict a/train --data d/train", folder), /Cannot open runs\/d-train: /);
    await copyFolder(join(folder, "a"), join(folder, "moved"));
    assertMatch(await refused("predict a/train --data moved", folder), /Cannot open runs\/moved-train: /);
  }));

Deno.test("a run is given other photos by --replace alone, and keeps its own photos to predict", () =>
  inFolder(async (folder) => {
    for (const place of ["photos", "others"]) {
      await writePhotos(join(folder, place, "train"), photoNames(place === "photos" ? 3 : 4));
      await writePhotos(join(folder, place, "test"), ["1.jpg", "2.jpg"]);
    }
    const scan = `${SCAN} --out run`;
    await well(`${scan} --data photos/train`, folder);
    assertEquals((await settingsOf(folder, "run")).test, null);
    // Photos to predict may come to a run that has none.
    await well(`${scan} --test photos/test`, folder);
    assertEquals(await settingsOf(folder, "run"), { data: "photos/train", test: "photos/test", seed: 0 });
    for (const same of ["--data photos/train", "--data photos", "--test photos/test --data photos"]) {
      assertStringIncludes(await well(`${scan} ${same}`, folder), "nothing to do", same);
    }
    const other =
      /^error: Cannot go on with run: expected photos, on which it was made, got others\. Give them a run of /;
    assertMatch(await refused(`${scan} --data others`, folder), other);
    assertMatch(await refused(`${scan} --data others`, folder), /\(--out runs\/others-train\), or .* \(--replace\)$/);
    assertMatch(await refused(`${scan} --test others/test`, folder), /expected photos\/test to predict, .* got others/);

    assertStringIncludes(await well(`${scan} --data others/train --replace`, folder), "cats 4, dogs 4, to predict 0");
    assertEquals(await settingsOf(folder, "run"), { data: "others/train", test: null, seed: 0 });
    await well(`${scan} --data photos --replace`, folder);
    // In its folder stands what it had, whichever way that is named.
    await well(`${scan} --data photos/train`, folder);
    assertEquals(await settingsOf(folder, "run"), { data: "photos/train", test: "photos/test", seed: 0 });
    // More photos in the same folder are the same photos.
    await writePhotos(join(folder, "photos/train"), ["cat.7.jpg", "dog.7.jpg"]);
    assertStringIncludes(await well(scan, folder), "scan (the training photos changed)");
  }));

Deno.test("a run tells what it remembers", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(3));
    await well("stage scan --data photos --clip 0 --seed 4", folder);
    const line = "data photos, seed 4, clip 0, as in the last run\n";
    assert((await well("stage scan", folder)).includes(line));
    assertStringIncludes(await well("stage scan --seed 0 --clip 0.1", folder), "data photos, as in the last run\n");
  }));

Deno.test("another seed draws another sample, which has a run of its own", () =>
  inFolder(async (folder) => {
    const { stdout } = await runWell("pipeline --dry-run --seed 3", folder);
    assertMatch(stdout, /^runs\/sample-seed-3: would draw the sample photos of seed 3, then run every stage/);
    assertMatch((await runWell("pipeline --dry-run", folder)).stdout, /^runs\/sample: would draw/);
  }));
