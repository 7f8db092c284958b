import type { Config } from "../settings/config.ts";
import type { RunStore } from "../store/run_store.ts";
import type { RunContext } from "./run_context.ts";
import type { Stage } from "./stage.ts";

/** A run: its stages, what it was told, what the stages share, and where they keep what they wrote. */
export interface Run {
  readonly stages: readonly Stage[];
  readonly config: Config;
  readonly context: RunContext;
  readonly store: RunStore;
}
