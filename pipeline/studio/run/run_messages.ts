import type { ProgressFacts } from "../../terminal/progress.ts";

/** What the worker that runs stages is asked. */
export type RunRequest =
  | { readonly kind: "start"; readonly out: string; readonly values: readonly (readonly [string, string])[] }
  | { readonly kind: "stop" };

/** How a run ended. */
export interface RunEnding {
  readonly how: "done" | "stopped" | "failed";
  /** In words, for the user. */
  readonly message: string;
}

/** What the worker tells. */
export type RunReport =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "progress"; readonly facts: ProgressFacts | undefined }
  | { readonly kind: "ended"; readonly ending: RunEnding };
