import type { Config } from "../settings/config.ts";
import { canonicalJson, sha256 } from "../files/hashing.ts";
import { healing } from "./healing.ts";
import {
  type Manifest,
  MANIFEST_FILE,
  MANIFEST_SCHEMA,
  manifestText,
  OUTPUT_FILE,
  readHash,
  STARTED_FILE,
} from "../store/manifest.ts";
import { duration } from "../terminal/progress.ts";
import { countsText } from "../terminal/table.ts";
import { StageFolder } from "../store/run_folder.ts";
import type { Stage, StageName, StageRecord, StageTools } from "./stage.ts";
import { UserError } from "../files/user_error.ts";
import { NOT_RUN_YET, staleReason, type Wanted } from "./staleness.ts";
import { stopwatch } from "../files/stopwatch.ts";
import { VerifiedFolder } from "../store/verified_folder.ts";
import { changedOutputs, writtenOutputs } from "../store/stage_outputs.ts";
import type { Workshop } from "./run_context.ts";

/** How a stage stands: up to date, or why it has to run. */
export interface StageState {
  readonly stage: StageName;
  readonly state: "up to date" | "out of date" | "not run";
  readonly reason: string;
  readonly manifest?: Manifest;
}

export interface RunOptions {
  /** The last stage to run; all of them otherwise. */
  readonly until?: StageName;
  /** Run this stage though nothing changed. */
  readonly force?: StageName | "all";
}

/** Runs the stages of one run's folder, those that are out of date, in order. */
export class Runner {
  /** Why each stage ran that did. */
  readonly #reasons = new Map<StageName, string>();

  /** @param folders where stages keep their files that do not keep them under their own name in the run's folder */
  constructor(
    readonly stages: readonly Stage[],
    readonly config: Config,
    readonly workshop: Workshop,
    readonly folders: ReadonlyMap<string, string> = new Map(),
  ) {}

  /**
   * Says of every stage whether it is up to date, without running any. A stage whose needed stage will run counts as
   * out of date: whether that stage's result changes is known only afterwards.
   */
  async states(options: RunOptions = {}): Promise<StageState[]> {
    const states: StageState[] = [];
    const willRun = new Set<string>();
    for (const stage of this.#upTo(options.until)) {
      const manifest = await this.#manifest(stage.name);
      const reason = this.#forced(stage, options) ?? await this.#reason(stage, manifest, willRun);
      if (reason === undefined) states.push({ stage: stage.name, state: "up to date", reason: "", manifest });
      else {
        willRun.add(stage.name);
        states.push({ stage: stage.name, state: manifest ? "out of date" : "not run", reason, manifest });
      }
    }
    return states;
  }

  /** Runs what is out of date, up to the stage asked for. A damaged file of a stage is healed on the way. */
  async run(options: RunOptions = {}): Promise<StageState[]> {
    return await healing(this.workshop, () => this.#runOutOfDate(options));
  }

  /**
   * What a stage wrote, checked as it is read.
   * @throws UserError when it has not run.
   */
  async finished(stage: StageName): Promise<VerifiedFolder> {
    const finished = await this.#finished(stage);
    if (finished) return finished;
    throw new UserError(
      `Cannot read stage ${stage} of ${this.config.out}: expected it to have run, got none. Run deno task stage ${stage}`,
    );
  }

  async #runOutOfDate(options: RunOptions): Promise<StageState[]> {
    const ran: StageState[] = [];
    for (const stage of this.#upTo(options.until)) {
      this.workshop.signal.throwIfAborted();
      const manifest = await this.#manifest(stage.name);
      // What ran before a damaged file was found has not to be forced a second time.
      const before = this.#reasons.get(stage.name);
      const forced = before === undefined ? this.#forced(stage, options) : undefined;
      const reason = forced ?? await this.#reason(stage, manifest, new Set());
      if (reason === undefined) {
        const state = before === undefined ? "up to date" : "out of date";
        ran.push({ stage: stage.name, state, reason: before ?? "", manifest });
        continue;
      }
      this.workshop.say(`${stage.name} (${reason})`);
      this.#reasons.set(stage.name, before ?? reason);
      const finished = await this.#runStage(stage, manifest, forced !== undefined);
      ran.push({ stage: stage.name, state: "out of date", reason, manifest: finished });
    }
    const isUpToDate = ran.every(({ state }) => state === "up to date");
    // A run on a disk that cannot be written is up to date all the same: it hashes anew the next time.
    await this.workshop.hashes.save().catch((thrown) => isUpToDate ? undefined : Promise.reject(thrown));
    return ran;
  }

  #upTo(until: StageName | undefined): readonly Stage[] {
    if (until === undefined) return this.stages;
    const needed = new Set<string>([until]);
    for (const stage of this.stages.toReversed()) if (needed.has(stage.name)) stage.needs.forEach((n) => needed.add(n));
    return this.stages.filter((stage) => needed.has(stage.name));
  }

  #forced(stage: Stage, { force }: RunOptions): string | undefined {
    return force === "all" || force === stage.name ? "asked for by --force" : undefined;
  }

  folder(stage: string): StageFolder {
    return new StageFolder(this.workshop.runFolder.run, this.folders.get(stage) ?? stage);
  }

  async #finished(stage: string): Promise<VerifiedFolder | undefined> {
    return await VerifiedFolder.open(this.folder(stage), stage);
  }

  async #manifest(stage: string): Promise<Manifest | undefined> {
    return (await this.#finished(stage))?.manifest;
  }

  async #reason(stage: Stage, manifest: Manifest | undefined, willRun: ReadonlySet<string>) {
    // What it would read from outside may not be there yet either, as the sample before it is drawn.
    if (!manifest) return NOT_RUN_YET;
    const stale = staleReason(manifest, await this.#wanted(stage, willRun));
    return stale ?? (await changedOutputs(stage, this.folder(stage.name), manifest)).at(0)?.reason;
  }

  async #wanted(stage: Stage, willRun: ReadonlySet<string>): Promise<Wanted> {
    const inputs: Record<string, string | null> = {};
    for (const need of stage.needs) {
      const finished = willRun.has(need) ? undefined : await this.#finished(need);
      inputs[need] = finished ? await this.#inputHash(stage, need, finished) : null;
    }
    Object.assign(inputs, await stage.external(this.config, this.workshop));
    const backend = stage.usesEngine && this.config.backend !== "auto" ? this.config.backend : null;
    return { version: stage.version, params: stage.params(this.config), inputs, backend };
  }

  /** One hash for what a stage reads of the result of one that it needs. */
  async #inputHash(stage: Stage, need: string, finished: VerifiedFolder): Promise<string> {
    const tellsFiles = this.stages.find(({ name }) => name === need)?.outputTellsFiles ?? false;
    const files = finished.manifest.outputs.filter(({ file }) => file !== OUTPUT_FILE && !tellsFiles);
    const output = stage.readFrom(need, JSON.parse(await finished.readText(OUTPUT_FILE)));
    return readHash(output, files);
  }

  async #runStage(stage: Stage, earlier: Manifest | undefined, forced: boolean): Promise<Manifest> {
    const started = new Date();
    const seconds = stopwatch();
    const folder = this.folder(stage.name);
    const wanted = await this.#wanted(stage, new Set());
    const choice = stage.usesEngine ? await this.workshop.chosenEngine() : undefined;
    const key = sha256(canonicalJson({ ...wanted, backend: choice?.engine.name ?? null }));
    // What is not as the stage wrote it must not be reused. It goes while the manifest still tells so.
    for (const { file } of earlier ? await changedOutputs(stage, folder, earlier) : []) {
      await folder.remove(file);
    }
    await this.#makeRoom(stage, folder, key, forced);

    const inputs: Record<string, unknown> = {};
    const inputFolders = new Map<string, VerifiedFolder>();
    for (const need of stage.needs) {
      const finished = await this.#finished(need);
      if (!finished) throw new Error(`Cannot run stage ${stage.name}: expected ${need} to have run, got no manifest`);
      inputFolders.set(need, finished);
      inputs[need] = JSON.parse(await finished.readText(OUTPUT_FILE));
    }
    const warnings: string[] = [];
    const tools = this.#tools(stage, folder, inputFolders, warnings);
    const { output, counts, details = null } = await stage.run(inputs, this.config, tools);
    await folder.write(OUTPUT_FILE, JSON.stringify(output));

    const knownInputs: Record<string, string> = {};
    for (const [name, hash] of Object.entries(wanted.inputs)) if (hash !== null) knownInputs[name] = hash;
    const manifest: Manifest = {
      schema: MANIFEST_SCHEMA,
      stage: stage.name,
      version: stage.version,
      params: wanted.params,
      seed: this.config.seed,
      backend: choice?.engine.name ?? null,
      device: choice?.engine.device ?? null,
      backendReason: choice?.reason ?? null,
      inputs: knownInputs,
      outputs: await writtenOutputs(folder, stage.reusesFiles ? earlier : undefined),
      counts,
      details,
      warnings,
      started: started.toISOString(),
      seconds: seconds(),
    };
    await folder.write(MANIFEST_FILE, manifestText(manifest));
    await folder.remove(STARTED_FILE);
    await this.workshop.hashes.save();
    const counted = countsText(counts);
    this.workshop.say(`  done in ${duration(manifest.seconds)}${counted ? `: ${counted}` : ""}`);
    return manifest;
  }

  /**
   * Removes what an earlier run of the stage left, unless it was stopped while computing from just the same things, or
   * the stage looks after its files itself and is not forced to make them anew. The manifest goes first: from then on
   * the stage counts as not run.
   */
  async #makeRoom(stage: Stage, folder: StageFolder, key: string, forced: boolean): Promise<void> {
    const unfinishedKey = await folder.has(STARTED_FILE) ? await folder.readText(STARTED_FILE) : undefined;
    await folder.remove(MANIFEST_FILE);
    await folder.removeUnfinished();
    const resumes = unfinishedKey === JSON.stringify({ key });
    if (resumes) this.workshop.say("  going on from where it was stopped");
    else if (forced || !stage.reusesFiles) { for (const name of await folder.list()) await folder.remove(name); }
    await folder.write(STARTED_FILE, JSON.stringify({ key }));
  }

  #tools(
    stage: Stage,
    folder: StageFolder,
    inputFolders: ReadonlyMap<string, VerifiedFolder>,
    warnings: string[],
  ): StageTools {
    const { workshop } = this;
    return {
      folder,
      inputFolder: (name) => {
        const finished = inputFolders.get(name);
        if (finished) return finished;
        throw new Error(`Cannot read stage ${name} in ${stage.name}: expected one of [${stage.needs}], got ${name}`);
      },
      runFolder: workshop.runFolder,
      random: (purpose) => workshop.random(`${stage.name} ${purpose}`),
      progress: (total, unit) => workshop.progress(stage.name, total, unit),
      signal: workshop.signal,
      engine: async () => (await workshop.chosenEngine()).engine,
      backbones: () => workshop.backbones(this.config.hyperparameters),
      photos: (set) => workshop.photos(set),
      recipe: this.config.hyperparameters,
      hashOf: (name, stamp, read) => workshop.hashOf(name, stamp, read),
      weightsHash: () => workshop.weightsHash(),
      say: (line) => workshop.say(line),
      records: () => this.#records(stage.name),
      warn: (line) => {
        warnings.push(line);
        workshop.say(`  warning: ${line}`);
      },
    };
  }

  async #records(before: StageName): Promise<StageRecord[]> {
    const records: StageRecord[] = [];
    for (const { name } of this.stages.slice(0, this.stages.findIndex((stage) => stage.name === before))) {
      const manifest = await this.#manifest(name);
      const reason = this.#reasons.get(name);
      if (manifest) records.push({ ...manifest, ran: reason !== undefined, reason: reason ?? "nothing changed" });
    }
    return records;
  }
}
