import { join } from "@std/path";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DEFAULT_SETTINGS } from "../../../pipeline/settings/config.ts";
import { manifestText } from "../../../pipeline/store/manifest.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { fakeManifest } from "../../unit/pipeline/store/fake_manifest.ts";
import { filesBelow, photoNames, run, runWell, writePhotos } from "../command_line.ts";
import { manifestOf } from "../run_files.ts";
import { everything, refusal, refusesAll, write } from "./untouched.ts";

const STAGE = "stage split --weights mini --data photos --out run";

Deno.test("an --out that is, holds or lies inside the photos is refused, links followed", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos/train"), photoNames(6));
    await writePhotos(join(folder, "photos/test"), ["1.jpg", "2.jpg"]);
    await writePhotos(join(folder, "runs/photos"), photoNames(2));
    await Deno.mkdir(join(folder, "zips"));
    await write(join(folder, "zips/train.zip"), "a zip");
    await Deno.symlink("photos", join(folder, "link"));
    await Deno.symlink("../photos/train", join(folder, "zips/inside"));
    await refusesAll(folder, {
      "pipeline --data photos/train --test photos/test --out photos":
        /^Cannot write into photos: .*, got one that holds test\. Name another: --out photos-run$/,
      "pipeline --data photos/train --test photos/test --out .": /^Cannot write into \.: .*, got one that holds link\./,
      "pipeline --data photos --out photos/new":
        /^Cannot write into photos\/new: expected a folder apart from the photos, got one that lies inside photos\. Name another: --out photos-run$/,
      "pipeline --data photos --out link/new": /^Cannot write into link\/new: .*, got one that lies inside photos\./,
      "pipeline --data link --out photos/train/new": /^Cannot write into photos\/train\/new: .*lies inside link\./,
      "pipeline --data photos/train --test photos/test --out photos/test/new": /lies inside photos\/test\./,
      "pipeline --data runs/photos --out runs/photos":
        /^Cannot write into runs\/photos: .* Name another: --out runs\/photos-run$/,
      "pipeline --data zips/train.zip --out zips": /^Cannot write into zips: .*, got one that holds inside\./,
      "stage train --data photos/train --out photos": /^Cannot write into photos: /,
      "stage train --out photos": /^Cannot open photos: .* pipeline --data DIR --out photos-run$/,
      "evaluate --data photos --out photos": /^Cannot write into photos: /,
      "sample --out photos":
        /^Cannot write into photos: .* or a drawn sample, got one that holds test\. Name another: --out photos-sample$/,
    });
  }));

Deno.test("a run's folder into which photos were put is refused, and the photos stay", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(4));
    await runWell(STAGE, folder);
    await writePhotos(join(folder, "run/train"), photoNames(2));
    await refusesAll(folder, {
      "pipeline --out run --data run/train --replace": /^Cannot write into run: .*, got one that holds run\/train\./,
      "pipeline --out run --data photos --test run/train":
        /^Cannot write into run: .*, got one that holds run\/train\./,
    });
  }));

Deno.test("a folder that holds anything and is no run, sample or export is refused as it is", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    await write(join(folder, "office/report/thesis.docx"));
    await write(join(folder, "office/scan/page1.tiff"));
    await write(join(folder, "tool/hashes.json"), "{}");
    await write(join(folder, "tool/config.json"), "{}");
    await write(join(folder, "marked/run.json"), '{ "name": "my run" }');
    await write(join(folder, "empty marker/run.json"), "");
    await write(join(folder, "elsewhere/precious.txt"));
    await Deno.mkdir(join(folder, "linked"));
    await Deno.symlink("../elsewhere", join(folder, "linked/train"));
    await write(join(folder, "pets/train/rex.jpg"));
    await write(join(folder, "pets/truth.json"), "{}");
    await write(join(folder, "file"));
    await Deno.symlink("nowhere", join(folder, "dangling"));
    const over = (out: string) => `pipeline --data photos --out ${out}`;
    await refusesAll(folder, {
      [over("office")]: /^Cannot write into office: .* holds report\. Name another: --out office-run$/,
      [over("tool")]: /^Cannot write into tool: .* holds config\.json\./,
      [over("marked")]: /^Cannot write into marked: .* holds run\.json\./,
      [over("linked")]: /^Cannot write into linked: .* holds train\./,
      [over("elsewhere")]: /^Cannot write into elsewhere: .* holds precious\.txt\./,
      [over("file")]: /^Cannot write into file: .* got a file\. Name another: --out file-run$/,
      [over("dangling")]: /^Cannot write into dangling: /,
      [`${over("office")} --dry-run`]: /^Cannot write into office: /,
      "sample --out pets": /^Cannot write into pets: .* holds train\. Name another: --out pets-sample$/,
      "sample --out file": /^Cannot write into file: .* got a file\. Name another: --out file-sample$/,
      "status --out office": /^Cannot open office: expected the folder of a run, got none\. .* --out office-run$/,
      "predict photos --run office": /^Cannot open office: /,
    });
    const { code } = await run(["pipeline", "--data", "photos", "--out", "empty marker"], folder);
    assertEquals([code, await Deno.readTextFile(join(folder, "empty marker/run.json"))], [1, ""]);
  }));

Deno.test("a run of an earlier version is refused with what to do, and stays as it is", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    await write(join(folder, "runs/old/config.json"), JSON.stringify({ ...DEFAULT_SETTINGS, data: "photos" }));
    await write(join(folder, "runs/old/train/state.safetensors"));
    const refused =
      /^Cannot go on with runs\/old: expected a run of this version, got one of an earlier version\. Start it again with another folder \(--out runs\/old-run\), or remove this one yourself first$/;
    await refusesAll(folder, {
      "pipeline --data photos --out runs/old": refused,
      "status --out runs/old": refused,
      "predict photos --run runs/old": refused,
      "status": /^Cannot find a run: /,
    });
  }));

Deno.test("a stage or an evaluation starts no run in a folder that was misspelt", () =>
  inFolder((folder) =>
    refusesAll(folder, {
      "stage scan --out typo":
        /^Cannot open typo: expected the folder of a run, got none\. Start one with deno task pipeline --data DIR --out typo$/,
      "evaluate --out typo": /^Cannot open typo: /,
      "stage scan --out typo --dry-run": /^Cannot open typo: /,
    })
  ));

Deno.test("--dry-run makes nothing, not even a folder", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    const before = await everything(folder);
    for (const words of ["pipeline --dry-run --out new", "pipeline --dry-run --data photos --out new"]) {
      assertStringIncludes((await runWell(words, folder)).stdout, "new: w");
      assertEquals(await everything(folder), before);
    }
  }));

Deno.test("files of somebody's within a run are neither removed, nor listed, nor written over", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    await runWell(STAGE, folder);
    const theirs = ["notes.txt", "scan/page1.tiff", "split/thesis.docx", "split/my.unfinished", "export/model.onnx"];
    for (const path of theirs) await write(join(folder, "run", path), path);
    await runWell(`${STAGE} --force --seed 3`, folder);
    await runWell("stage scan --out run --force", folder);
    for (const path of theirs) assertEquals(await Deno.readTextFile(join(folder, "run", path)), path);
    for (const stage of ["scan", "split"] as const) {
      assertEquals((await manifestOf(join(folder, "run"), stage)).outputs.map(({ file }) => file), ["output.json"]);
    }

    const place = join(folder, "run/transform/rows.json");
    await write(place, "theirs");
    const error = await refusal("pipeline --backend onnx --out run", folder);
    assertMatch(error, /^Cannot write run\/transform\/rows\.json: expected nothing there but .* Move it/);
    assertEquals(await Deno.readTextFile(place), "theirs");
    await Deno.remove(place);
    await runWell("stage transform --backend onnx --out run", folder);
  }));

Deno.test("folders of a run that are links are refused, and nothing is removed behind them", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    await runWell(STAGE, folder);
    await write(join(folder, "elsewhere/output.json"), "{}");
    for (const name of ["split", "train", "photos", "evaluate", "export"]) {
      const place = join(folder, "run", name);
      const aside = join(folder, "aside");
      const wasThere = await Deno.rename(place, aside).then(() => true, () => false);
      await Deno.symlink("../elsewhere", place);
      await refusesAll(folder, {
        [`${STAGE} --force`]: new RegExp(`^Cannot use run/${name}: expected a folder of a run, got a link\\. Move it`),
      });
      await Deno.remove(place);
      if (wasThere) await Deno.rename(aside, place);
    }
  }));

Deno.test("unfinished files that are links have nothing written through them", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    await runWell(STAGE, folder);
    await write(join(folder, "victim.txt"), "precious");
    for (
      const name of [
        "config.json",
        "hashes.json",
        "facts.jsonl",
        "files.jsonl",
        "split/manifest.json",
        "split/output.json",
      ]
    ) {
      await Deno.symlink(join(folder, "victim.txt"), join(folder, "run", `${name}.unfinished`));
    }
    await runWell(`${STAGE} --force --seed 4`, folder);
    assertEquals(await Deno.readTextFile(join(folder, "victim.txt")), "precious");
    // Where a file was never written before, a link is somebody's.
    await Deno.mkdir(join(folder, "run/transform"));
    await Deno.symlink(join(folder, "victim.txt"), join(folder, "run/transform/output.json.unfinished"));
    assertMatch(await refusal("stage transform --backend onnx --out run", folder), /got another link\. Move it away/);
    assertEquals(await Deno.readTextFile(join(folder, "victim.txt")), "precious");
  }));

Deno.test("a manifest or a list of files that leads out of the run is refused in one line", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    await runWell(STAGE, folder);
    await write(join(folder, "victim.txt"), "precious");
    const path = join(folder, "run/split/manifest.json");
    const good = await manifestOf(join(folder, "run"), "split");
    const text = await Deno.readTextFile(path);
    for (const file of ["../../victim.txt", "/etc/hostname", "..", "", "a/b", "a\0b"]) {
      const outputs = [...good.outputs, { file, bytes: 8, modified: 1, sha256: "00" }];
      await Deno.writeTextFile(path, manifestText(fakeManifest({ ...good, outputs })));
      const error = await refusal(`${STAGE} --force`, folder);
      assertMatch(error, /^Cannot read run\/split\/manifest\.json: .* expected the plain name of a file/);
      assertEquals(await Deno.readTextFile(join(folder, "victim.txt")), "precious");
    }
    await Deno.writeTextFile(path, text);

    const ledger = join(folder, "run/files.jsonl");
    const lines = await Deno.readTextFile(ledger);
    for (const line of ['{"wrote":"../victim.txt"}', '{"wrote":"split/../../victim.txt"}', "{}", "x"]) {
      await Deno.writeTextFile(ledger, `${lines}${line}\n`);
      assertMatch(await refusal(`${STAGE} --force`, folder), /^Cannot use run\/files\.jsonl: expected the list of/);
    }
    // What a killed run began to enter is no damage.
    await Deno.writeTextFile(ledger, `${lines}{"wrote":"spl`);
    await runWell(`${STAGE} --force`, folder);
    assertEquals(await Deno.readTextFile(join(folder, "victim.txt")), "precious");
  }));

Deno.test("an output that a manifest names and the run did not write is not removed", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    await runWell(STAGE, folder);
    await write(join(folder, "run/split/thesis.docx"), "precious");
    const good = await manifestOf(join(folder, "run"), "split");
    const outputs = [...good.outputs, { file: "thesis.docx", bytes: 8, modified: 1, sha256: "00" }];
    await Deno.writeTextFile(join(folder, "run/split/manifest.json"), manifestText(fakeManifest({ ...good, outputs })));
    await runWell(STAGE, folder);
    assertEquals(await Deno.readTextFile(join(folder, "run/split/thesis.docx")), "precious");
  }));

Deno.test("an empty folder, and a link to one, become a run; the photos' names in the run's folder do not matter", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    await Deno.mkdir(join(folder, "empty"));
    await Deno.symlink("empty", join(folder, "link"));
    await runWell("stage scan --data photos --out link", folder);
    await runWell("stage split --out empty", folder);
    assert((await filesBelow(join(folder, "empty"))).includes(join(folder, "empty/run.json")));
  }));
