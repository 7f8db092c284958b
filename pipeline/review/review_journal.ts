import { sha256 } from "../files/hashing.ts";
import { parseReview } from "./file/parse_review.ts";
import { EMPTY_REVIEW, type Review } from "./file/review.ts";
import { editedReview } from "./edit_review.ts";
import { type DecisionLine, History } from "./history.ts";
import type { HeldHistory, ReviewFiles } from "./review_files.ts";
import { type Change, type Word, wordOf } from "./word.ts";

/** A photo in a decision: what was said of it before, and what is since. */
export interface DecidedPhoto {
  readonly id: string;
  readonly before: Word | undefined;
  readonly after: Word | undefined;
}

/** What was decided in one go; it is taken back in one go as well. */
export interface Decision {
  readonly id: string;
  /** When, in ISO 8601. */
  readonly at: string;
  /** Those whose word changed. */
  readonly photos: readonly DecidedPhoto[];
}

/** What taking a decision back did. */
export interface Undone {
  /** The decision that was taken back. */
  readonly decision: Decision;
  /** Photos that have their word of before it again. */
  readonly photos: readonly DecidedPhoto[];
  /** Photos that another edit has given another word since: they keep that. */
  readonly left: readonly { readonly id: string; readonly found: Word | undefined }[];
}

/**
 * The user's word as it is given bit by bit. Each decision is in the review at once, and its journal tells how to take it
 * back, in this process or a later one. What was written into the review by hand or by another process meanwhile stays:
 * a decision changes the photos that it is about and nothing else.
 *
 * A decision is noted, then the review is written, then it is noted that it was. Whoever was killed in between has said
 * his word: the next one to hold the journal writes it, unless the review has changed since.
 */
export class ReviewJournal {
  readonly #history = new History();
  #parsed: { readonly text: string | undefined; readonly review: Review } = { text: undefined, review: EMPTY_REVIEW };

  constructor(readonly files: ReviewFiles, readonly now: () => Date = () => new Date()) {}

  /**
   * What the review says now.
   * @throws UserError with line and field, when it cannot be followed.
   */
  async review(): Promise<Review> {
    return this.#reviewOf(await this.files.readReview());
  }

  /** Writes what a process that was killed had noted and not written. */
  async settle(): Promise<void> {
    if (!await this.files.hasHistory()) return;
    using file = await this.files.holdHistory();
    await this.#settled(file);
  }

  /**
   * Gives photos other words.
   * @param changes of a photo that is named twice the last one counts
   * @returns what changed, which may be nothing
   * @throws UserError when the review cannot be followed or written: nothing has changed then.
   */
  async decide(changes: readonly Change[]): Promise<Decision> {
    using file = await this.files.holdHistory();
    await this.#settled(file);
    const words = new Map(changes.map(({ id, word }) => [id, word]));
    return decisionOf(
      await this.#written(file, (review) => ({
        photos: [...words].flatMap(([id, word]) => {
          const before = wordOf(review, id);
          return before === word ? [] : [{ id, before: before ?? null, after: word ?? null }];
        }),
      })),
    );
  }

  /** The decision that `undo` would take back. */
  async lastDecision(): Promise<Decision | undefined> {
    if (!await this.files.hasHistory()) return undefined;
    using file = await this.files.holdHistory();
    await this.#settled(file);
    const last = this.#history.lastToUndo;
    return last && decisionOf(last);
  }

  /**
   * Takes the last decision back that was not taken back, whoever made it: each of its photos gets the word that it had
   * before, unless it has another one by now than the decision gave it.
   * @returns `undefined` when there is none.
   */
  async undo(): Promise<Undone | undefined> {
    if (!await this.files.hasHistory()) return undefined;
    using file = await this.files.holdHistory();
    await this.#settled(file);
    const last = this.#history.lastToUndo;
    if (last === undefined) return undefined;
    const decision = decisionOf(last);
    let left: Undone["left"] = [];
    const line = await this.#written(file, (review) => {
      const changed = decision.photos.filter(({ id, after }) => wordOf(review, id) !== after).map(({ id }) => id);
      left = changed.map((id) => ({ id, found: wordOf(review, id) }));
      const back = last.photos.filter(({ id }) => !changed.includes(id));
      return {
        undoes: last.decision,
        photos: back.map(({ id, before, after }) => ({ id, before: after, after: before })),
      };
    });
    return { decision, photos: decisionOf(line).photos, left };
  }

  /**
   * Notes a decision, writes the review and notes that it is written.
   * @param decide says what is decided, by what the review says; it is asked again where the review changes meanwhile
   */
  async #written(
    file: HeldHistory,
    decide: (review: Review) => Pick<DecisionLine, "photos" | "undoes">,
  ): Promise<DecisionLine> {
    for (;;) {
      const text = await this.files.readReview();
      const review = this.#reviewOf(text);
      const line = {
        decision: crypto.randomUUID(),
        at: this.now().toISOString(),
        from: hashOf(text),
        ...decide(review),
      };
      if (line.photos.length === 0 && line.undoes === undefined) return line;
      await this.#history.add(file, line);
      try {
        if (await this.#write(line)) {
          await this.#history.add(file, { saved: line.decision });
          return line;
        }
      } catch (thrown) {
        // Whoever is told that it failed must not find it done later.
        await this.#history.add(file, { void: line.decision });
        throw thrown;
      }
      await this.#history.add(file, { void: line.decision });
    }
  }

  /** Writes the review as a decision has it, unless it is no longer the text that the decision was made for. */
  async #write({ from, photos }: DecisionLine): Promise<boolean> {
    const text = await this.files.readReview();
    if (hashOf(text) !== from) return false;
    const next = editedReview(text, photos.map(({ id, after }) => ({ id, word: after ?? undefined })));
    if (photos.length > 0) await this.files.writeReview(next);
    return true;
  }

  /** What a text says: of the same text as before it is known. */
  #reviewOf(text: string | undefined): Review {
    if (text !== this.#parsed.text) {
      const review = text === undefined ? EMPTY_REVIEW : parseReview(this.files.reviewPath, text).review;
      this.#parsed = { text, review };
    }
    return this.#parsed.review;
  }

  /** Reads the journal, and ends what a process that was killed had begun. */
  async #settled(file: HeldHistory): Promise<void> {
    await this.#history.read(file);
    const { open } = this.#history;
    if (open === undefined) return;
    const isWritten = await this.#write(open) || await this.#isFollowed(open);
    await this.#history.add(file, isWritten ? { saved: open.decision } : { void: open.decision });
  }

  /** Whether the review says something that a decision said. */
  async #isFollowed({ photos }: DecisionLine): Promise<boolean> {
    const review = await this.review();
    return photos.some(({ id, after }) => wordOf(review, id) === (after ?? undefined));
  }
}

function hashOf(text: string | undefined): string {
  return text === undefined ? "none" : sha256(text);
}

function decisionOf({ decision, at, photos }: DecisionLine): Decision {
  return {
    id: decision,
    at,
    photos: photos.map(({ id, before, after }) => ({ id, before: before ?? undefined, after: after ?? undefined })),
  };
}
