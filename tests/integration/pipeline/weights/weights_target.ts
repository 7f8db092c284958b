import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";
import { fetchWeights, type FetchWeightsOptions } from "../../../../pipeline/weights/fetch_weights.ts";
import { sha256 } from "../../../../pipeline/files/hashing.ts";
import { readWeightsManifest, type WeightsManifest } from "../../../../pipeline/weights/weights_manifest.ts";

const TINY = fromFileUrl(new URL("../../../golden/weights", import.meta.url));
export const RESNET50 = await Deno.readFile(join(TINY, "tiny-resnet50.safetensors"));
export const INCEPTION_V3 = await Deno.readFile(join(TINY, "tiny-inception_v3.safetensors"));
export const NAMES = ["resnet50.tv_in1k.safetensors", "inception_v3.tv_in1k.safetensors"];
export const PATHS = [
  "/timm/resnet50.tv_in1k/resolve/main/model.safetensors",
  "/timm/inception_v3.tv_in1k/resolve/main/model.safetensors",
];
export const PATIENCE = { attempts: 3, backoff: 1, stall: 2000, leastBytes: 1, window: 60_000 };
const published = await readWeightsManifest();

/** The published set at an eighth of the width, so that the tiny files are right. */
export function tinyManifest(known: { sha256: boolean } = { sha256: true }): WeightsManifest {
  const files = published.sets.full.files.map(({ description, ...file }, index) => ({
    ...file,
    bytes: undefined,
    sha256: known.sha256 ? sha256([RESNET50, INCEPTION_V3][index]) : undefined,
    description: description && { ...description, width: 1 / 8 },
  }));
  return { schema: 1, sets: { full: { folder: "full", files } } };
}

/** A folder with the manifest and, as most tests are about ResNet50's file, Inception_v3's in its place. */
export class Folder implements AsyncDisposable {
  readonly #lines: string[] = [];
  private constructor(readonly path: string) {}

  static async with(
    manifest: WeightsManifest = tinyManifest(),
    present: Record<string, Uint8Array> = {},
  ): Promise<Folder> {
    const path = await Deno.makeTempDir();
    await Deno.writeTextFile(join(path, "manifest.json"), JSON.stringify(manifest));
    for (const [name, content] of Object.entries({ [NAMES[1]]: INCEPTION_V3, ...present })) {
      await Deno.mkdir(dirname(join(path, "full", name)), { recursive: true });
      await Deno.writeFile(join(path, "full", name), content);
    }
    return new Folder(path);
  }

  fetch(options: Partial<FetchWeightsOptions>): Promise<string> {
    return fetchWeights({
      set: "full",
      folder: this.path,
      signal: new AbortController().signal,
      output: { isTerminal: false, write: (text) => void this.#lines.push(text) },
      patience: PATIENCE,
      ...options,
    });
  }

  get text(): string {
    return this.#lines.join("");
  }

  async names(): Promise<string[]> {
    return (await Array.fromAsync(Deno.readDir(join(this.path, "full")), ({ name }) => name)).sort();
  }

  async assertComplete(): Promise<void> {
    assertEquals(await this.names(), NAMES.toSorted());
    for (const [index, content] of [RESNET50, INCEPTION_V3].entries()) {
      assertEquals(sha256(await Deno.readFile(join(this.path, "full", NAMES[index]))), sha256(content));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

/** What is not finished, and its tag. */
export const UNFINISHED = `${NAMES[0]}.unfinished`;
export const TAG = `${UNFINISHED}.etag`;
