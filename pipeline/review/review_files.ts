import { lstatIfThere } from "../../data/owned/replace_file.ts";
import type { LockedFile } from "../../data/owned/locked_file.ts";
import { explained } from "../files/explained.ts";
import { readTextIfThere } from "../files/text_file.ts";
import { UserError } from "../files/user_error.ts";
import { REVIEW_FILE, REVIEW_SCHEMA_FILE, reviewSchemaText } from "./file/review.ts";
import type { StageFolder } from "../store/run_folder.ts";

/** The file beside the review that tells how it came to be: a line for each decision. */
export const HISTORY_FILE = "review-history.jsonl";

/** Becomes a review that the user made, and is there for a moment only. */
const DRAFT_FILE = "review-draft.json";

/** The journal while nobody else writes on it. */
export type HeldHistory = Pick<LockedFile, "size" | "readFrom" | "writeAfter"> & Disposable;

/** The two files that a decision goes into. */
export interface ReviewFiles {
  /** What messages call the review. */
  readonly reviewPath: string;
  /** Whether anything was ever decided here. */
  hasHistory(): Promise<boolean>;
  /** Waits until no other process writes decisions, and keeps them out until it is disposed of. */
  holdHistory(): Promise<HeldHistory>;
  readReview(): Promise<string | undefined>;
  /** Writes the review: whole, or it stays as it was. */
  writeReview(text: string): Promise<void>;
}

/** The review and its journal in a run's folder. */
export class RunReviewFiles implements ReviewFiles {
  readonly reviewPath: string;

  /** @param folder the run's own */
  constructor(readonly folder: StageFolder) {
    this.reviewPath = folder.path(REVIEW_FILE);
  }

  async hasHistory(): Promise<boolean> {
    return await this.folder.run.owns(HISTORY_FILE) && await this.folder.has(HISTORY_FILE);
  }

  async holdHistory(): Promise<HeldHistory> {
    try {
      return await this.folder.run.openLocked(HISTORY_FILE);
    } catch (thrown) {
      throw explained(thrown, this.folder.path(HISTORY_FILE));
    }
  }

  readReview(): Promise<string | undefined> {
    return readTextIfThere(this.reviewPath);
  }

  /**
   * A review that the user made stays the user's: it gets another content, at the user's word, and not onto the list of
   * the run's own files.
   * @throws UserError where a link stands in its place: what it leads to would no longer be the review.
   */
  async writeReview(text: string): Promise<void> {
    const found = await lstatIfThere(this.reviewPath);
    if (found && !found.isFile) {
      throw new UserError(
        `Cannot write ${this.reviewPath}: expected a file, got ${
          found.isSymlink ? "a link" : "a folder"
        }. Put the file ` +
          `itself there, then decide again`,
      );
    }
    if (found && !await this.folder.run.owns(REVIEW_FILE)) {
      return await this.#replaceTheirs(text);
    }
    if (!found && !await this.folder.has(REVIEW_SCHEMA_FILE)) {
      await this.folder.write(REVIEW_SCHEMA_FILE, reviewSchemaText());
    }
    await this.folder.write(REVIEW_FILE, text);
  }
  /** Gives the user's file the text by a file of the run's own, so that nothing else of the user's is in its way. */
  async #replaceTheirs(text: string): Promise<void> {
    await this.folder.write(DRAFT_FILE, text);
    try {
      await Deno.rename(this.folder.path(DRAFT_FILE), this.reviewPath);
    } catch (thrown) {
      throw explained(thrown, this.reviewPath);
    } finally {
      await this.folder.remove(DRAFT_FILE);
    }
  }
}
