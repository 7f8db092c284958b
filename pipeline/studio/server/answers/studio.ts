import type { Access } from "../../security/access.ts";
import type { AppliedDecisions } from "../../run/applied_decisions.ts";
import type { CurrentKnowledge } from "../../run/current_knowledge.ts";
import type { OwnRun } from "../../run/own_run.ts";
import type { RunFeed } from "../../run/run_feed.ts";
import type { WatchedRun } from "../../run/watched_run.ts";

/** What the studio's answers are made from. */
export interface Studio {
  readonly access: Access;
  /** The folder of the run that it shows. */
  readonly out: string;
  /** Settings that the command line gave for a run that is started here. */
  readonly settings: ReadonlyMap<string, string>;
  readonly own: OwnRun;
  readonly watched: WatchedRun;
  readonly feed: RunFeed;
  readonly knowledge: CurrentKnowledge;
  readonly applied: AppliedDecisions;
}
