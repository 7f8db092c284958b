import { basename, join } from "@std/path";
import { assertEquals, assertMatch } from "@std/assert";
import { testOnAdapter } from "../../integration/model/engines/gpu/test_on_gpu.ts";
import { inFolder } from "../../integration/pipeline/in_folder.ts";
import { SHARD_PHOTOS, writerOfShard } from "../../../pipeline/features/store/shard_names.ts";
import { forPhotosOf } from "../changed_weights.ts";
import { filesBelow, photoNames, run, runWell, writePhotos } from "../command_line.ts";
import { manifestOf, shardsOf, stagesRun } from "../run_files.ts";

const LOSE_DEVICE = new URL("./lose_device.ts", import.meta.url);

/** Three batches of 32 photos and one of 16: when the last one is lost, a shard has been written and more was under way. */
const PHOTOS_EACH = 56;

/** Square photos' sides in pixels, the smallest that a backbone takes or a little more. */
const SIZES = { "mini-resnet50.safetensors": 64, "mini-inception_v3.safetensors": 75 };

const words = (out: string) =>
  `stage train --data photos --out ${out} --weights weights --backend webgpu --recipe own-sizes`;

testOnAdapter(
  "a run whose graphics device is lost says so, and the same command goes on to the same bytes",
  () =>
    inFolder(async (folder) => {
      await writePhotos(join(folder, "photos"), photoNames(PHOTOS_EACH));
      await Deno.mkdir(join(folder, "weights"));
      for (const [name, size] of Object.entries(SIZES)) {
        await Deno.writeFile(join(folder, "weights", name), await forPhotosOf(size, name));
      }
      await runWell(words("undisturbed"), folder);
      // What it has computed would be taken by the other.
      await Deno.remove(join(folder, "runs"), { recursive: true });

      const lost = await run(words("run").split(" "), folder, {}, LOSE_DEVICE);
      assertEquals([lost.code, lost.stdout], [1, ""], lost.stderr);
      assertMatch(lost.stderr, /\nerror: Cannot go on computing on WebGPU: .* but the device was lost .*\n$/);
      assertMatch(lost.stderr, /Run the same command again: it goes on where it was; or use --backend onnx\n$/);
      const left = [...await filesBelow(join(folder, "run")), ...await filesBelow(join(folder, "runs"))];
      assertEquals(left.filter((path) => path.endsWith(".unfinished")), []);
      const shards = left.filter((path) => writerOfShard(basename(path)) !== undefined);
      assertEquals(shards.length, 1, "what was computed before the loss is kept");
      assertMatch((await runWell("status --out run", folder)).stdout, /^transform +not run .*\ntrain +not run /m);

      const again = await runWell(words("run"), folder);
      assertEquals(stagesRun(again.stderr), ["transform", "train"]);
      const { counts } = await manifestOf(join(folder, "run"), "transform");
      assertEquals(counts.computed, 2 * PHOTOS_EACH - SHARD_PHOTOS);
      const used = (await shardsOf(join(folder, "run"))).map((path) => join(folder, path));
      assertEquals(used.filter((path) => shards.includes(path)), shards);
      for (const file of ["transform/output.json", "train/output.json", "train/state.safetensors"]) {
        const bytesOf = (out: string) => Deno.readFile(join(folder, out, file));
        assertEquals(await bytesOf("run"), await bytesOf("undisturbed"), file);
      }
    }),
);
