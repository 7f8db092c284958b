import { fromFileUrl, join } from "@std/path";
import { fetchWeights } from "../../../pipeline/weights/fetch_weights.ts";
import { sha256 } from "../../../pipeline/files/hashing.ts";
import { readWeightsManifest } from "../../../pipeline/weights/weights_manifest.ts";
import { type End, runHere } from "../commands/run_command.ts";

const TINY = fromFileUrl(new URL("../../golden/weights", import.meta.url));
const published = (await readWeightsManifest()).sets.full;
const tiny = await Promise.all(
  ["tiny-resnet50", "tiny-inception_v3"].map((name) => Deno.readFile(join(TINY, `${name}.safetensors`))),
);

/** What `weights/manifest.json` lists: the published set at an eighth of the width, so that the tiny files are right. */
export const SMALL_SET = {
  schema: 1,
  sets: {
    full: {
      folder: "full",
      files: published.files.map(({ description, ...file }, k) => ({
        ...file,
        bytes: tiny[k].length,
        sha256: sha256(tiny[k]),
        description: description && { ...description, width: 1 / 8 },
      })),
    },
  },
};

/** Copies small weights into `weights`, a folder as the repository's, from a folder that has them, lacks them or has wrong ones. */
export async function fetchSmallWeights(
  home: string,
  from: "backbones" | "nothing" | "wrong backbones",
): Promise<End> {
  const folder = join(home, "weights");
  const source = await Deno.makeTempDir();
  for (const [k, { name }] of published.files.entries()) {
    if (from === "nothing") break;
    await Deno.writeFile(join(source, name), from === "backbones" ? tiny[k] : tiny[k].subarray(0, 1000));
  }
  try {
    return await runHere(
      home,
      (signal) =>
        fetchWeights({ set: "full", folder, from: source, signal, output: { isTerminal: false, write: () => {} } }),
    );
  } finally {
    await Deno.remove(source, { recursive: true });
  }
}
