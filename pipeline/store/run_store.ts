import type { OwnedFolder } from "../../data/owned/owned_folder.ts";
import type { CacheFolder } from "./cache_folder.ts";
import { StageFolder } from "./run_folder.ts";
import { VerifiedFolder } from "./verified_folder.ts";

/** Where the stages of a run keep what they wrote: each under its own name, unless it is kept elsewhere. */
export class RunStore {
  /** @param cache where stages keep what all runs share */
  constructor(
    readonly run: OwnedFolder,
    readonly cache?: CacheFolder,
    readonly elsewhere: ReadonlyMap<string, string> = new Map(),
  ) {}

  /**
   * The same run with the files of one stage in another place, where a trial leaves the run's own as they are.
   * @param folder within the run's
   */
  keeping(stage: string, folder: string): RunStore {
    return new RunStore(this.run, this.cache, new Map([...this.elsewhere, [stage, folder]]));
  }

  folder(stage: string): StageFolder {
    return new StageFolder(this.run, this.elsewhere.get(stage) ?? stage);
  }

  /**
   * What a stage wrote, or `undefined` when it has not finished.
   * @throws UserError when its manifest is not one of ours.
   */
  async finished(stage: string): Promise<VerifiedFolder | undefined> {
    return await VerifiedFolder.open(this.folder(stage), stage, this.cache);
  }
}
