import { dirname } from "@std/path";
import type { StageFolder } from "./run_folder.ts";
import { UserError } from "../files/user_error.ts";

/**
 * A file of a finished stage that is no longer what the stage wrote. Whoever holds the run removes it, so that the stage
 * counts as changed and computes it again; for all others the message says how.
 */
export class DamagedFile extends UserError {
  readonly path: string;

  constructor(readonly folder: StageFolder, readonly file: string, readonly stage: string) {
    const path = folder.path(file);
    super(
      `Cannot use ${path}: expected what stage ${stage} wrote, got another content. It was damaged or edited: ` +
        `deno task stage ${stage} --out ${dirname(folder.root)} computes it again`,
    );
    this.path = path;
  }
}
