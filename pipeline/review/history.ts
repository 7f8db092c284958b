import { z } from "zod";
import { Word } from "./word.ts";
import type { HeldHistory } from "./review_files.ts";

/** A photo in a decision: what was said of it before, and what is since; null for nothing. */
const Decided = z.strictObject({ id: z.string(), before: Word.nullable(), after: Word.nullable() });

/** What was decided in one go, as it is noted before the review is written. */
export const DecisionLine = z.strictObject({
  decision: z.uuid(),
  /** When, in ISO 8601. */
  at: z.string(),
  /** Hash of the review's text that it was made for. */
  from: z.string(),
  photos: z.array(Decided),
  /** The decision that it takes back. */
  undoes: z.uuid().optional(),
});
export type DecisionLine = z.infer<typeof DecisionLine>;

/** What became of a decision: the review says so, or it never did. */
const EndLine = z.union([z.strictObject({ saved: z.uuid() }), z.strictObject({ void: z.uuid() })]);
type EndLine = z.infer<typeof EndLine>;

const Line = z.union([DecisionLine, EndLine]);

/**
 * The decisions that a journal tells of. It is read while it is held, and no more of it than was added since; a line that
 * is damaged counts as not there.
 */
export class History {
  #length = 0;
  #decisions: DecisionLine[] = [];
  readonly #voided = new Set<string>();
  readonly #saved = new Set<string>();

  /** Takes in what was written since. Of what a killed process began to write nothing counts. */
  async read(file: HeldHistory): Promise<void> {
    if (await file.size() < this.#length) this.#forget();
    const bytes = await file.readFrom(this.#length);
    const length = bytes.lastIndexOf(0x0a) + 1;
    for (const text of new TextDecoder().decode(bytes.subarray(0, length)).split("\n").slice(0, -1)) {
      const line = lineOf(text);
      if (line) this.#take(line);
    }
    this.#length += length;
  }

  /** Writes a line behind those that are read. */
  async add(file: HeldHistory, line: DecisionLine | EndLine): Promise<void> {
    const bytes = new TextEncoder().encode(JSON.stringify(line) + "\n");
    await file.writeAfter(this.#length, bytes);
    this.#length += bytes.length;
    this.#take(line);
  }

  /** The last decision, when nothing says what became of it: it was being written when its process ended. */
  get open(): DecisionLine | undefined {
    const last = this.#decisions.at(-1);
    return last && !this.#saved.has(last.decision) && !this.#voided.has(last.decision) ? last : undefined;
  }

  /** Decisions that the review followed, the first one first. */
  get saved(): readonly DecisionLine[] {
    return this.#decisions.filter(({ decision }) => this.#saved.has(decision));
  }

  /** The last decision that was not taken back and takes none back itself. */
  get lastToUndo(): DecisionLine | undefined {
    const undone = new Set(this.saved.map(({ undoes }) => undoes));
    return this.saved.findLast(({ decision, undoes }) => undoes === undefined && !undone.has(decision));
  }

  #take(line: DecisionLine | EndLine): void {
    if ("decision" in line) this.#decisions.push(line);
    else if ("saved" in line) this.#saved.add(line.saved);
    else this.#voided.add(line.void);
  }

  #forget(): void {
    this.#length = 0;
    this.#decisions = [];
    this.#saved.clear();
    this.#voided.clear();
  }
}

function lineOf(text: string): DecisionLine | EndLine | undefined {
  try {
    return Line.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
