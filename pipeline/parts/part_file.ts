import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { LockedFile } from "../../data/owned/locked_file.ts";
import type { Part } from "../runner/stage.ts";
import type { StageFolder } from "../store/run_folder.ts";

/** Where a run keeps what became of the parts of its work. */
export const PARTS_FOLDER = "parts";

/** What a process notes of the part that it does. */
export const PartNote = z.object({
  state: z.enum(["running", "done", "failed"]),
  /** The machine. */
  host: z.string(),
  /** When it began, and when it ended. */
  began: z.iso.datetime(),
  ended: z.iso.datetime().optional(),
  counts: z.record(z.string(), z.number()),
  /** Why it failed. */
  problem: z.string().optional(),
});
export type PartNote = z.infer<typeof PartNote>;

const PART_FILE = /^(\d+)-of-(\d+)\.json$/;

const WAIT_MILLISECONDS = 250;

/**
 * A file of a part's, without its ending.
 * @param number its number, or what stands for it
 */
export function partName({ number, of }: { readonly number: number | string; readonly of: number }): string {
  return `${number}-of-${of}`;
}

/** The part that a file tells of, or `undefined` where it is another file. */
export function partOfFile(file: string): Part | undefined {
  const [, number, of] = PART_FILE.exec(file) ?? [];
  return number === undefined ? undefined : { number: Number(number), of: Number(of) };
}

/**
 * What a process notes of the part that it does, in the run's folder. It holds the file for as long as it lives: whoever
 * finds `running` in one that nobody holds knows that the process was killed.
 */
export class PartFile implements Disposable {
  private constructor(readonly file: LockedFile) {}

  /**
   * Holds a part's file, as soon as no other process does the same part.
   * @param wait told once that another has it
   */
  static async hold(folder: StageFolder, part: Part, signal: AbortSignal, wait: () => void): Promise<PartFile> {
    const path = `${folder.below}/${partName(part)}.json`;
    for (let tries = 0;; tries++) {
      const file = await folder.run.tryOpenLocked(path);
      if (file) return new PartFile(file);
      // Whoever only looks has it for a moment.
      if (tries === 1) wait();
      await delay(WAIT_MILLISECONDS, undefined, { signal });
    }
  }

  async note(note: PartNote): Promise<void> {
    await this.file.writeAfter(0, new TextEncoder().encode(JSON.stringify(PartNote.parse(note)) + "\n"));
  }

  [Symbol.dispose](): void {
    this.file[Symbol.dispose]();
  }
}
