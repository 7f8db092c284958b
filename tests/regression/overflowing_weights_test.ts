import { join } from "@std/path";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { photoNames, run, writePhotos } from "../end_to_end/command_line.ts";
import { filledWith } from "../end_to_end/changed_weights.ts";
import { inFolder } from "../integration/pipeline/in_folder.ts";

// Such weights gave a run without a word: ReLUs make zeros of what is no number.
Deno.test("weights that are all 1e30 end a run in one line that names a layer", () =>
  inFolder(async (folder) => {
    await writePhotos(join(folder, "photos"), photoNames(6));
    // A copy has the row of its original, which must not seem to have been kept.
    await Deno.copyFile(join(folder, "photos/cat.0.jpg"), join(folder, "photos/cat.99.jpg"));
    await Deno.mkdir(join(folder, "huge"));
    for (const name of ["mini-resnet50.safetensors", "mini-inception_v3.safetensors"]) {
      await Deno.writeFile(join(folder, "huge", name), await filledWith(name, 1e30));
    }
    for (
      const [precision, photos] of [["f32", "a made-up photo"], ["int8", "the photos that ranges are measured on"]]
    ) {
      const words = "stage transform --backend onnx --data photos --weights huge --out run --precision".split(" ");
      const { code, stderr } = await run([...words, precision], folder);
      const errors = stderr.trim().split("\n").filter((line) => line.startsWith("error: "));
      assertEquals([code, errors.length], [1, 1], stderr);
      assertStringIncludes(
        errors[0],
        `Cannot use the weights of resnet50: expected finite activations for ${photos}`,
      );
      assertStringIncludes(errors[0], "deno task weights");
      assertEquals(stderr.trim().endsWith(errors[0]), true, stderr);
    }
  }));
