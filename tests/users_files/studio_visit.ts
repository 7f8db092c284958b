import { join } from "@std/path";
import { UserError } from "../../data/base/user_error.ts";
import { RunKnowledge } from "../../pipeline/knowledge/run_knowledge.ts";
import { REVIEW_FILE } from "../../pipeline/review/file/review.ts";
import { RunContext } from "../../pipeline/runner/run_context.ts";
import { configIfThere } from "../../pipeline/studio/run/run_plan.ts";
import { photoNames } from "../end_to_end/command_line.ts";
import { type End, runHere } from "./commands/run_command.ts";

const PHOTOS = photoNames(3);

/**
 * What the pages of the studio do with a run: they show its photos, many at once, and the user decides on some and takes
 * it back.
 * @returns how it ended, and the review, which has changed at the user's word
 */
export async function visitStudio(home: string, at: string): Promise<{ end: End; made: string[] }> {
  let hasDecided = false;
  const end = await runHere(home, async (signal) => {
    const config = await configIfThere(at);
    if (!config) throw new UserError(`Cannot look into ${at}: expected a run, got none`);
    const context = await RunContext.open(config, { isTerminal: false, write: () => {} }, signal);
    const known = new RunKnowledge(context);
    try {
      // One that fails says nothing of the others.
      await Promise.allSettled(PHOTOS.map((id) => known.thumbnail("train", id)));
      await known.undo();
      await known.decide([{ id: PHOTOS[0], word: "drop" }]);
      hasDecided = true;
      await known.decide([{ id: PHOTOS[1], word: "keep" }]);
      await known.undo();
    } finally {
      await known.close();
      await context.close();
    }
  });
  return { end, made: hasDecided ? [join(at, REVIEW_FILE)] : [] };
}
