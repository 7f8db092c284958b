import { resolve } from "@std/path";
import { DecodingWorkers } from "../../data/picture/batches/decoding_workers.ts";
import { openPhotoSource, type PhotoSource } from "../../data/source/photo_source.ts";
import { type Random, randomFrom } from "../../data/random.ts";
import { chooseEngine, type EngineChoice } from "../../model/engines/choose.ts";
import type { Backbone } from "../../model/weights/backbone.ts";
import type { Config } from "../settings/config.ts";
import { CacheFolder } from "../store/cache_folder.ts";
import { KnownFacts } from "../store/known_facts.ts";
import { type FileStamp, KnownHashes } from "../store/known_hashes.ts";
import { type Output, Progress, sayLine } from "../terminal/progress.ts";
import { canonicalJson, sha256, sha256OfFile } from "../files/hashing.ts";
import type { Recipe } from "../settings/recipe.ts";
import { runFolder, StageFolder } from "../store/run_folder.ts";
import type { OutsideTools, PhotoSet } from "./stage.ts";
import { messageOf, UserError } from "../files/user_error.ts";
import { backboneFiles, openBackbones } from "../weights/open_backbones.ts";

/** What the stages of one run share: engine, backbones, photo folders, known hashes, the screen. Made when first used. */
export class RunContext {
  #engine?: Promise<EngineChoice>;
  #toldEngine = false;
  #backbones = new Map<string, Promise<readonly Backbone[]>>();
  #sources = new Map<PhotoSet, Promise<PhotoSource>>();
  /** Decode the photos of which facts are asked for. */
  readonly decoding = new DecodingWorkers();
  readonly facts: KnownFacts;
  /** What all runs share. */
  readonly cache: CacheFolder;

  private constructor(
    readonly config: Config,
    readonly hashes: KnownHashes,
    readonly runFolder: StageFolder,
    readonly output: Output,
    readonly signal: AbortSignal,
  ) {
    this.cache = new CacheFolder(config.cacheFolder);
    this.facts = new KnownFacts(runFolder, "facts.jsonl", (photo) => this.decoding.facts(photo));
  }

  static async open(config: Config, output: Output, signal: AbortSignal): Promise<RunContext> {
    const { out, data, test } = config;
    // Where they lie, so that a list that was copied along with a run, or other photos of the same names, tell nothing.
    const owner = { run: resolve(out), data: resolve(data), test: test === null ? null : resolve(test) };
    const folder = new StageFolder(runFolder(out));
    return new RunContext(config, await KnownHashes.open(folder, "hashes.json", owner), folder, output, signal);
  }

  /** What tells whether something outside the run changed. */
  get outside(): OutsideTools {
    return {
      photos: (set) => this.photos(set),
      hashOf: (name, stamp, read) => this.hashOf(name, stamp, read),
      weightsHash: () => this.weightsHash(),
      runFolder: this.runFolder,
    };
  }

  say(line: string): void {
    sayLine(this.output, line);
  }

  random(purpose: string): Random {
    return randomFrom(this.config.seed, purpose);
  }

  progress(label: string, total: number, unit: string): Progress {
    return new Progress(label, total, unit, this.output);
  }

  /**
   * The engine that the settings ask for, and why it was taken.
   * @throws UserError when it cannot start here.
   */
  async chosenEngine(): Promise<EngineChoice> {
    const chosen = await this.startEngine();
    if (!this.#toldEngine) this.say(`  engine: ${chosen.engine.name}, ${chosen.engine.device} (${chosen.reason})`);
    this.#toldEngine = true;
    return chosen;
  }

  /** Starts that engine, and says nothing yet. */
  startEngine(): Promise<EngineChoice> {
    this.#engine ??= startedEngine(this.config.backend, (line) => this.say(`  ${line}`));
    return this.#engine;
  }

  /** The backbones, for photos of a recipe's sizes. */
  backbones({ inputScales }: Pick<Recipe, "inputScales">): Promise<readonly Backbone[]> {
    const key = canonicalJson(inputScales);
    const known = this.#backbones.get(key);
    if (known) return known;
    const backbones = openBackbones(this.config.weights, inputScales);
    this.#backbones.set(key, backbones);
    return backbones;
  }

  async weightsHash(): Promise<string> {
    const hashes: string[] = [];
    for (const { path } of await backboneFiles(this.config.weights)) {
      const { size, mtime } = await Deno.stat(path);
      const stamp = { bytes: size, modified: mtime?.getTime() ?? 0 };
      hashes.push(await this.hashOf(`weights:${path}`, stamp, () => Deno.readFile(path)));
    }
    return sha256(hashes.join(" "));
  }

  /** The same as `weightsHash`, read from the files whatever is known of them. */
  async weightsNow(): Promise<string> {
    const hashes: string[] = [];
    for (const { path } of await backboneFiles(this.config.weights)) hashes.push(await sha256OfFile(path));
    return sha256(hashes.join(" "));
  }

  photos(set: PhotoSet): Promise<PhotoSource> {
    const path = set === "train" ? this.config.data : this.config.test;
    if (path === null) throw new UserError(`Cannot read the ${set} photos: expected a folder or zip, got none`);
    const known = this.#sources.get(set);
    if (known) return known;
    const source = openPhotoSource(path);
    this.#sources.set(set, source);
    return source;
  }

  hashOf(name: string, stamp: FileStamp, read: () => Promise<Uint8Array>): Promise<string> {
    return this.hashes.of(name, stamp, async () => sha256(await read()));
  }

  async close(): Promise<void> {
    await this.decoding[Symbol.asyncDispose]();
    for (const source of this.#sources.values()) await closeOpened(source, (opened) => opened.close());
    if (this.#engine) await closeOpened(this.#engine, ({ engine }) => engine.close());
    this.cache.close();
  }
}

/** Closes what was opened; why something could not be opened was told to whoever asked for it. */
async function closeOpened<Opened>(opening: Promise<Opened>, close: (opened: Opened) => Promise<void>): Promise<void> {
  const [end] = await Promise.allSettled([opening]);
  if (end.status === "fulfilled") await close(end.value);
}

async function startedEngine(backend: Config["backend"], say: (line: string) => void): Promise<EngineChoice> {
  try {
    return await chooseEngine(backend, { say });
  } catch (thrown) {
    const reason = messageOf(thrown);
    if (reason.startsWith("Cannot ")) throw new UserError(reason, { cause: thrown });
    throw new UserError(
      `Cannot start an engine: expected --backend ${backend} to start here, got ${reason}. Name another backend`,
      { cause: thrown },
    );
  }
}
