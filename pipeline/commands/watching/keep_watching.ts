import { join } from "@std/path";
import { explain } from "../endings/explain.ts";
import type { Arguments } from "../options/options.ts";
import { settledRun } from "../runs/settled_run.ts";
import { configOf } from "../../settings/config.ts";
import { UserError } from "../../files/user_error.ts";
import { REVIEW_FILE } from "../../review/file/review.ts";
import { sayLine, standardError } from "../../terminal/progress.ts";
import { outsideStamp } from "./outside_stamp.ts";
import { untilChanged } from "./until_changed.ts";

/**
 * Does a run's work, and does it again whenever photos or the review have changed, until it is stopped. What is wrong
 * the first time ends it; later it is told, and may be put right while it watches.
 * @param work told whether it is the first time
 */
export async function keepWatching(
  given: Arguments,
  out: string,
  signal: AbortSignal,
  work: (isFirst: boolean) => Promise<void>,
): Promise<never> {
  const { settings } = await settledRun(given, out, true);
  // Photos to predict may come to a folder that had none.
  const look = async () => await outsideStamp(await configOf(settings, out, true), signal);
  for (let isFirst = true;; isFirst = false) {
    const before = await look();
    try {
      await work(isFirst);
    } catch (thrown) {
      if (isFirst || signal.aborted || !(thrown instanceof UserError)) throw thrown;
      standardError.write(`${explain(thrown)}\n`);
    }
    sayLine(standardError, `${out}: watching its photos and ${join(out, REVIEW_FILE)}; Ctrl-C ends it`);
    // A sample that is drawn by the way is no change.
    const seen = isFirst && settings.data === null ? await look() : before;
    await untilChanged(seen, look, signal);
    sayLine(standardError, `${out}: something has changed`);
  }
}
