import { dirname } from "@std/path";
import type { StageFolder } from "./run_folder.ts";
import { UserError } from "../files/user_error.ts";

/** The files that a finished stage wrote. */
export interface FinishedFiles {
  /** The stage's own folder. */
  readonly folder: StageFolder;
  /** Those that are there and are not what was written, each with the folder that it is in. */
  damagedFiles(): Promise<readonly { readonly folder: StageFolder; readonly file: string }[]>;
}

/**
 * A file of a finished stage that is no longer what the stage wrote. Whoever holds the run removes it, so that the stage
 * counts as changed and computes it again; for all others the message says how.
 */
export class DamagedFile extends UserError {
  readonly path: string;

  /**
   * @param finished the stage's files, where it has finished
   * @param isGone whether there is no such file any more
   */
  constructor(
    readonly folder: StageFolder,
    readonly file: string,
    readonly stage: string,
    readonly finished?: FinishedFiles,
    isGone = false,
  ) {
    const path = folder.path(file);
    const [got, why] = isGone ? ["nothing", "removed"] : ["another content", "damaged or edited"];
    super(
      `Cannot use ${path}: expected what stage ${stage} wrote, got ${got}. It was ${why}: ` +
        `deno task stage ${stage} --out ${dirname((finished?.folder ?? folder).root)} computes it again`,
    );
    this.path = path;
  }
}
