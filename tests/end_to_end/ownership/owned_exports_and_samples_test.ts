import { join } from "@std/path";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { filesBelow, runWell } from "../command_line.ts";
import { runSample } from "../sample_run.ts";
import { runSmall } from "../small_run.ts";
import { everything, refusesAll, write } from "./untouched.ts";

Deno.test("export writes over no file that it did not write, and into no folder of somebody's", () =>
  inFolder(async (folder) => {
    await runSmall(folder);
    await write(join(folder, "models/classifier.onnx"), "theirs");
    await refusesAll(folder, {
      "export --run run --to models":
        /^Cannot write into models: .* or an export, got one that holds classifier\.onnx\. Name another: --to models-onnx$/,
      "export --run run --to models/classifier.onnx": /^Cannot write into models\/classifier\.onnx: .* got a file\./,
      "export --run run --to photos/train/models": /^Cannot write into photos\/train\/models: .*lies inside photos\. /,
      "export --run run --web models":
        /^Cannot write into models: .* or an exported page, got one that holds classifier\.onnx\. Name another: --web models-page$/,
      "export --run run --web photos/train/page": /^Cannot write into photos\/train\/page: .*lies inside photos\. /,
      "export --run run --web page --batches": /^Cannot use --web and --batches together: expected one of them$/,
      "export --run run --to run": /^Cannot write into run: .* got one that holds config\.json\./,
    });
    for (let time = 0; time < 2; time++) {
      await runWell("export --run run", folder);
      await runWell("export --run run --to onnx", folder);
    }
    await write(join(folder, "onnx/notes.txt"), "theirs");
    await Deno.remove(join(folder, "onnx/classifier.onnx"));
    await Deno.symlink("notes.txt", join(folder, "onnx/classifier.onnx"));
    await runWell("export --run run --to onnx", folder);
    assertEquals(await Deno.readTextFile(join(folder, "onnx/notes.txt")), "theirs");
    assertEquals((await Deno.lstat(join(folder, "onnx/classifier.onnx"))).isFile, true);
  }));

Deno.test("another --seed with --replace redraws the sample's own photos and leaves what somebody put beside them", () =>
  inFolder(async (folder) => {
    await runSample(folder, "drawn");
    await Deno.rename(join(folder, "drawn/photos"), join(folder, "pets"));
    for (const path of ["pets/letter.txt", "pets/train/cat.9999.jpg"]) await write(join(folder, path), "theirs");
    const before = await everything(folder);
    await runWell("sample --out pets", folder);
    assertEquals(await everything(folder), before);
    await runWell("sample --out pets --seed 7 --replace", folder);
    for (const path of ["pets/letter.txt", "pets/train/cat.9999.jpg"]) {
      assertEquals(await Deno.readTextFile(join(folder, path)), "theirs");
    }
    assertStringIncludes(await Deno.readTextFile(join(folder, "pets/truth.json")), '"seed": 7');
    assertEquals(
      (await filesBelow(join(folder, "pets"))).length,
      500 + ["truth", "sample", "files", "drawn"].length + 2,
    );
  }));
