import { join } from "@std/path";
import { loadBackbone } from "../../model/weights/backbone.ts";
import { UNFINISHED } from "../files/atomic_file.ts";
import { download, type Patience } from "./download.ts";
import { sha256 } from "../files/hashing.ts";
import { PartialDownload } from "./partial_download.ts";
import type { Output } from "../files/progress.ts";
import { messageOf, UserError } from "../files/user_error.ts";
import { readWeightsManifest, WEIGHTS_FOLDER, type WeightsFile } from "./weights_manifest.ts";

export interface FetchWeightsOptions {
  /** A set's name in the manifest. */
  readonly set: string;
  /** The folder of the manifest and the sets; the repository's own by default. */
  readonly folder?: string;
  /** Stands for `https://huggingface.co` in the files' addresses. */
  readonly mirror?: string;
  /** A folder that has the files already; nothing is downloaded. */
  readonly from?: string;
  readonly signal: AbortSignal;
  readonly output: Output;
  readonly patience?: Patience;
}

const PUBLISHER = "https://huggingface.co";
/** For files whose length the manifest does not know: several times that of any backbone here. */
const MAXIMUM_BYTES = 500_000_000;

/**
 * Brings a set of weights into its folder and checks every file before it gets its name: length and SHA-256 where the
 * manifest knows them, and always that it loads as the backbone that it should be. Files that are there and right are
 * left alone; what was begun is continued.
 * @returns the set's folder.
 * @throws UserError when a file cannot be had or is not what it should be; the signal's reason when it is aborted.
 */
export async function fetchWeights(options: FetchWeightsOptions): Promise<string> {
  const { set, folder = WEIGHTS_FOLDER, mirror, from, signal, output } = options;
  if (mirror !== undefined && from !== undefined) {
    throw new UserError("Cannot fetch weights: expected --mirror or --from, got both. Leave one out");
  }
  if (mirror !== undefined && !URL.canParse(mirror)) {
    throw new UserError(`Cannot fetch weights: expected the address of a server after --mirror, got ${mirror}`);
  }
  const { sets } = await readWeightsManifest(folder);
  if (!Object.hasOwn(sets, set)) {
    throw new UserError(`Cannot fetch weights: expected one of ${Object.keys(sets).join(", ")}, got ${set}`);
  }
  const target = join(folder, sets[set].folder);
  for (const file of sets[set].files) {
    const path = join(target, file.name);
    try {
      await Deno.mkdir(target, { recursive: true });
      if (await isRight(path, file, output)) {
        output.write(`${file.name} is there and right\n`);
        continue;
      }
      const partial = new PartialDownload(path + UNFINISHED);
      if (from !== undefined) await copy(file, from, partial);
      else await fetchFile(file, partial, options);
      await keepIfRight(partial, path, file, output);
    } catch (thrown) {
      signal.throwIfAborted();
      if (thrown instanceof UserError) throw thrown;
      throw new UserError(
        `Cannot save ${path}: ${messageOf(thrown)}. See that the disk has space and the folder is yours`,
      );
    }
  }
  return target;
}

async function isRight(path: string, file: WeightsFile, output: Output): Promise<boolean> {
  try {
    check(await Deno.readFile(path), file);
    return true;
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.NotFound)) output.write(`${path} is replaced: ${messageOf(thrown)}\n`);
    return false;
  }
}

/** @throws Error when the content is not the file that the manifest lists. */
function check(content: Uint8Array, file: WeightsFile): void {
  if (file.bytes !== undefined && content.length !== file.bytes) {
    throw new Error(`expected ${file.bytes} bytes, got ${content.length}`);
  }
  const hash = sha256(content);
  if (file.sha256 !== undefined && hash !== file.sha256) throw new Error(`expected sha256 ${file.sha256}, got ${hash}`);
  loadBackbone(content, file.description);
}

async function fetchFile(file: WeightsFile, partial: PartialDownload, options: FetchWeightsOptions): Promise<void> {
  if (file.url === undefined) {
    throw new UserError(`Cannot download ${file.name}: it comes with the repository. Restore it from there`);
  }
  const { mirror, signal, output, patience } = options;
  const url = mirror === undefined ? file.url : file.url.replace(PUBLISHER, mirror.replace(/\/+$/, ""));
  output.write(`${file.name} (${file.license}) from ${url}\n`);
  await download({
    url,
    name: file.name,
    partial,
    maximumBytes: file.bytes ?? MAXIMUM_BYTES,
    signal,
    output,
    patience,
  });
}

/** Takes the file under its own name, or as `git clone` of its publisher's repository lays it out. */
async function copy(file: WeightsFile, from: string, partial: PartialDownload): Promise<void> {
  const candidates = [join(from, file.name), join(from, file.name.replace(/\.safetensors$/, ""), "model.safetensors")];
  await partial.keepTag(null);
  for (const candidate of candidates) {
    try {
      return await Deno.copyFile(candidate, partial.path);
    } catch (thrown) {
      if (!(thrown instanceof Deno.errors.NotFound)) throw thrown;
    }
  }
  throw new UserError(`Cannot copy ${file.name}: expected ${candidates.join(" or ")}, got neither`);
}

/** Gives a file its name if it is right, and deletes it if not: going on with wrong bytes would never end well. */
async function keepIfRight(partial: PartialDownload, path: string, file: WeightsFile, output: Output): Promise<void> {
  const content = await Deno.readFile(partial.path);
  try {
    check(content, file);
  } catch (thrown) {
    await partial.discard();
    throw new UserError(
      `Cannot use ${file.name} as it came: ${
        messageOf(thrown)
      }. It was deleted; try another --mirror URL or --from DIR`,
    );
  }
  await partial.finish(path);
  const known = file.sha256 === undefined
    ? "the manifest lists no sha256 to compare; this one is"
    : "sha256 as listed:";
  output.write(`${file.name} is right (${known} ${sha256(content)})\n`);
}
