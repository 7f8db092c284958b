import { join } from "@std/path";
import { loadBackbone } from "../../model/weights/backbone.ts";
import { UNFINISHED } from "../../data/owned/replace_file.ts";
import { download, type Patience } from "./download.ts";
import { sha256 } from "../files/hashing.ts";
import { isWeb } from "./http_get.ts";
import { PartialDownload } from "./partial_download.ts";
import type { Output } from "../terminal/progress.ts";
import { readRegularFile, RegularFile } from "../../data/files/regular_file.ts";
import { messageOf, UserError } from "../files/user_error.ts";
import { MAXIMUM_WEIGHTS_BYTES, readWeightsManifest, WEIGHTS_FOLDER, type WeightsFile } from "./weights_manifest.ts";

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
  /** The most that a file may take whose length the manifest does not know. */
  readonly maximumBytes?: number;
}

const PUBLISHER = "https://huggingface.co";
/** How much of a file is copied at once. */
const COPIED_BYTES = 1_000_000;

/**
 * Brings a set of weights into its folder and checks every file before it gets its name: length and SHA-256 where the
 * manifest knows them, and always that it loads as the backbone that it should be. Files that are there are left
 * alone, right or not; what was begun is continued.
 * @returns the set's folder.
 * @throws UserError when a file cannot be had or is not what it should be, another lies in its place, or another
 * process is fetching it; the signal's reason when it is aborted.
 */
export async function fetchWeights(options: FetchWeightsOptions): Promise<string> {
  const { set, folder = WEIGHTS_FOLDER, mirror, from, signal } = options;
  if (mirror !== undefined && from !== undefined) {
    throw new UserError("Cannot fetch weights: expected --mirror or --from, got both. Leave one out");
  }
  if (mirror !== undefined && !(URL.canParse(mirror) && isWeb(new URL(mirror)))) {
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
      if (!await isThere(path, file, options)) await bring(path, file, options);
    } catch (thrown) {
      signal.throwIfAborted();
      throw thrown instanceof UserError ? thrown : cannotSave(path, thrown);
    }
  }
  return target;
}

/** What keeps a file from being saved, in one line that says what to do. */
export function cannotSave(path: string, thrown: unknown): UserError {
  const message = messageOf(thrown);
  return new UserError(
    /ENOSPC|no space left|EDQUOT|quota exceeded/i.test(message)
      ? `Cannot save ${path}: the disk is full. Free some space, then run the same command again: it goes on from there`
      : `Cannot save ${path}: ${message}. See that the folder is yours and can be written`,
  );
}

/**
 * Whether the right file is there already.
 * @throws UserError when another is: whose it is nobody knows, so that it is not replaced.
 */
async function isThere(path: string, file: WeightsFile, { output, maximumBytes }: FetchWeightsOptions) {
  try {
    check(await readRegularFile(path, limitOf(file, maximumBytes)), file);
    output.write(`${file.name} is there and right\n`);
    return true;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound && !await isDanglingLink(path)) return false;
    throw new UserError(
      `Cannot fetch ${file.name}: ${path} is another file (${messageOf(thrown)}). ` +
        `Move it away or delete it, then run the same command again`,
    );
  }
}

async function isDanglingLink(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

async function bring(path: string, file: WeightsFile, options: FetchWeightsOptions): Promise<void> {
  await using partial = await PartialDownload.open(path + UNFINISHED);
  // Another process may have brought it before this one held it.
  if (await isThere(path, file, options)) return await partial.clear();
  if (options.from !== undefined) await copy(file, options.from, partial, options);
  else await fetchFile(file, partial, options);
  await keepIfRight(partial, path, file, options.output);
}

function limitOf(file: WeightsFile, maximumBytes = MAXIMUM_WEIGHTS_BYTES): number {
  return file.bytes ?? maximumBytes;
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
  const { mirror, signal, output, patience, maximumBytes } = options;
  const url = mirror === undefined ? file.url : file.url.replace(PUBLISHER, mirror.replace(/\/+$/, ""));
  output.write(`${file.name} (${file.license}) from ${url}\n`);
  await download({
    url,
    name: file.name,
    partial,
    maximumBytes: limitOf(file, maximumBytes),
    signal,
    output,
    patience,
  });
}

/** Takes the file under its own name, or as `git clone` of its publisher's repository lays it out. */
async function copy(
  file: WeightsFile,
  from: string,
  partial: PartialDownload,
  { signal, maximumBytes }: FetchWeightsOptions,
): Promise<void> {
  const candidates = [join(from, file.name), join(from, file.name.replace(/\.safetensors$/, ""), "model.safetensors")];
  await partial.clear();
  for (const candidate of candidates) {
    await using source = await openIfThere(candidate, limitOf(file, maximumBytes));
    if (source === undefined) continue;
    const bytes = new Uint8Array(COPIED_BYTES);
    for (let count = await source.read(bytes); count !== null; count = await source.read(bytes)) {
      signal.throwIfAborted();
      await partial.write(bytes.subarray(0, count));
    }
    return;
  }
  throw new UserError(`Cannot copy ${file.name}: expected ${candidates.join(" or ")}, got neither`);
}

async function openIfThere(path: string, maximumBytes: number): Promise<RegularFile | undefined> {
  try {
    return await RegularFile.open(path, maximumBytes);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw new UserError(`Cannot copy ${path}: ${messageOf(thrown)}. Name another folder with --from`);
  }
}

/** Gives a file its name if it is right, and deletes it if not: going on with wrong bytes would never end well. */
async function keepIfRight(partial: PartialDownload, path: string, file: WeightsFile, output: Output): Promise<void> {
  const content = await partial.content();
  try {
    check(content, file);
  } catch (thrown) {
    await partial.clear();
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
