import { linesTo } from "../terminal/lines_to.ts";
import type { Output, ProgressFacts } from "../terminal/progress.ts";

/** What a program may hear of long work, and how it stops it. */
export interface Listener {
  /** Hears each line that the command line would print. */
  readonly say?: (line: string) => void;
  /** Hears how a job stands: what is done, of how many, and the seconds that are left; nothing when it is over. */
  readonly progressed?: (facts: ProgressFacts | undefined) => void;
  /** Ends the work; what is finished of it is kept, and the same call goes on from there. */
  readonly signal?: AbortSignal;
}

/** A listener as an output of the program. */
export function outputTo({ say, progressed }: Listener): Output {
  return linesTo(say, progressed);
}
