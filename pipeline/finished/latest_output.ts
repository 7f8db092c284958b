import type { z } from "zod";
import { sha256 } from "../files/hashing.ts";
import type { StageName } from "../runner/stage.ts";
import { OUTPUT_FILE } from "../store/manifest.ts";
import type { RunStore } from "../store/run_store.ts";
import type { VerifiedFolder } from "../store/verified_folder.ts";
import { Lasting } from "./lasting.ts";

/** What a stage left when it last finished. */
export interface StageOutput<Output> {
  readonly output: Output;
  /** The stage's folder, whose files are checked as they are read. */
  readonly folder: VerifiedFolder;
  /** Of all files that it left: another one for any other content. */
  readonly key: string;
}

/** The output of one stage, read once for all who ask, and again only when its manifest tells of another. */
export class LatestOutput<Schema extends z.ZodType> {
  readonly #latest = new Lasting<StageOutput<z.output<Schema>> | undefined>();

  constructor(readonly store: Pick<RunStore, "finished">, readonly stage: StageName, readonly schema: Schema) {}

  /**
   * What the stage left, whether or not it is up to date, or `undefined` where it has not finished, or
   * did with an earlier version of this program, which told of other things.
   * @throws DamagedFile when that is no longer what it wrote, UserError when its manifest is not one of ours.
   */
  async read(): Promise<StageOutput<z.output<Schema>> | undefined> {
    const folder = await this.store.finished(this.stage);
    if (folder === undefined) return undefined;
    const key = sha256(JSON.stringify(folder.manifest.outputs.map(({ file, sha256 }) => [file, sha256])));
    return await this.#latest.of(key, () => this.#parsed(folder, key));
  }

  async #parsed(folder: VerifiedFolder, key: string): Promise<StageOutput<z.output<Schema>> | undefined> {
    const { success, data: output } = this.schema.safeParse(JSON.parse(await folder.readText(OUTPUT_FILE)));
    return success ? { output, folder, key } : undefined;
  }
}
