import { join } from "@std/path";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { normalisedBatches } from "../integration/data/picture/normalised_batches.ts";
import { openBackbones } from "../../pipeline/weights/open_backbones.ts";
import { TrimmedPhotos } from "../../pipeline/photos/photo.ts";
import { Predictions } from "../../pipeline/predictions/predicted_photos.ts";
import { RECIPES } from "../../pipeline/settings/recipes.ts";
import { inFolder } from "../integration/pipeline/in_folder.ts";
import { runWell } from "./command_line.ts";
import { outputOf } from "./run_files.ts";
import { drawSmall, overSmall } from "./small_run.ts";

/** A backbone's file, and the prefix that the head's inputs give its outputs. */
const BACKBONES = [["resnet50.onnx", "resnet"], ["inception_v3.onnx", "inception"]] as const;
const PHOTOS = 6;

/** `[PHOTOS, values]`, whatever the shape was. */
function rows({ data }: { readonly data: Tensor["data"] }): Float32Array[] {
  const values = Float32Array.from(data, Number);
  const width = values.length / PHOTOS;
  return Array.from({ length: PHOTOS }, (_, row) => values.subarray(row * width, (row + 1) * width));
}

function tensorOf(parts: readonly Float32Array[][]): Tensor {
  const data = Float32Array.from(parts[0].flatMap((_, row) => parts.flatMap((part) => [...part[row]])));
  return new Tensor("float32", data, [PHOTOS, data.length / PHOTOS]);
}

for (const recipe of ["linear-probe", "hellinger", "writeup"]) {
  Deno.test(`export writes ONNX files that any runtime runs to what the run by the ${recipe} recipe predicted`, () =>
    inFolder(async (folder) => {
      await drawSmall(folder);
      const out = join(folder, "run");
      await runWell(`${overSmall("pipeline")} --recipe ${recipe}`, folder);
      const { stdout } = await runWell("export --run run --to onnx", folder);
      const files = [...BACKBONES.map(([file]) => file), "head.onnx"];
      assertEquals(stdout.trimEnd().split("\n"), files.map((file) => `onnx/${file}`));

      const { validation } = await outputOf(out, "predict", Predictions);
      const boxes = new Map((await outputOf(out, "trim", TrimmedPhotos)).train.map(({ id, box }) => [id, box]));
      const judged = validation.slice(0, PHOTOS);
      const inputs = await normalisedBatches(
        judged.map(({ id }) => ({ read: () => Deno.readFile(join(folder, "photos/train", id)), box: boxes.get(id) })),
        (await openBackbones("mini", RECIPES[recipe].inputScales)).map(({ description }) => description),
      );
      const features = new Map<string, Float32Array[]>();
      for (const [k, [file, prefix]] of BACKBONES.entries()) {
        const backbone = await InferenceSession.create(join(folder, "onnx", file));
        const values = await backbone.run({ input: new Tensor("float32", inputs[k].data, inputs[k].shape) });
        for (const [name, value] of Object.entries(values)) features.set(`${prefix}.${name}`, rows(value));
      }
      const head = await InferenceSession.create(join(folder, "onnx/head.onnx"));
      // The write-up's head reads both backbones' features side by side; a linear probe reads each group by its name.
      const sources = (name: string) => name === "features" ? ["resnet.features", "inception.features"] : [name];
      const feeds = head.inputNames.map((name) => [name, tensorOf(sources(name).map((s) => features.get(s) ?? []))]);
      const [output] = Object.values(await head.run(Object.fromEntries(feeds)));
      judged.forEach(({ id, pDog }, row) => assertAlmostEquals(rows(output)[row].at(-1) ?? Number.NaN, pDog, 1e-5, id));
    }));
}
