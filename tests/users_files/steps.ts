import type { Photos } from "./worlds/photos.ts";
import type { Stranger } from "./worlds/strangers.ts";

/** How a command is run, and how it ends. */
export type Manner =
  /** In this process, to its end. */
  | { readonly kind: "here" }
  /** In this process, stopped as Ctrl-C stops it. */
  | { readonly kind: "stopped here"; readonly after: number }
  /** As a process of its own, to its end. */
  | { readonly kind: "process" }
  /** As a process of its own that gets a signal after some milliseconds, where it has not ended before. */
  | { readonly kind: "killed"; readonly signal: "SIGKILL" | "SIGTERM" | "SIGINT"; readonly after: number };

/** What is done to a finished run that is put somewhere. */
export const STORIES = [
  "as it was made",
  "made by another version",
  "with settings that are none",
  "with a stage moved elsewhere and linked",
  "with a link to an album for a stage",
  "seen through a link",
  "with a manifest that names files of the user's",
  "without its manifests",
] as const;

/** Something that happens in a world. */
export type Step =
  | { readonly does: "command"; readonly words: readonly string[]; readonly manner: Manner }
  /** The user puts something somewhere, be it into a folder of the run's. */
  | { readonly does: "put"; readonly stranger: Stranger }
  /** The user puts a photo of their own in the place of a drawn one. */
  | { readonly does: "put instead"; readonly stranger: Stranger }
  /** A run of the user's comes to stand somewhere; it is the program's, unlike what the user puts into it. */
  | { readonly does: "finished run"; readonly at: string; readonly story: (typeof STORIES)[number] }
  /** The user says which outliers to keep. */
  | { readonly does: "review"; readonly run: string }
  /** The user looks at a run's photos in the studio, and decides on some. */
  | { readonly does: "studio"; readonly run: string }
  /** `deno task sample` with fewer photos. */
  | { readonly does: "small sample"; readonly at: string; readonly seed: number; readonly stopAfter?: number }
  /** `deno task weights`, with small files, into a folder that is not the repository's. */
  | { readonly does: "weights"; readonly from: "backbones" | "nothing" | "wrong backbones" };

/** A made-up world: what of the user's is there, and what happens. */
export interface Layout {
  readonly photos: Photos;
  readonly strangers: readonly Stranger[];
  readonly steps: readonly Step[];
}

/** A step in a line, as one would type it. */
export function told(step: Step): string {
  switch (step.does) {
    case "command": {
      const { kind, ...how } = step.manner;
      const manner = "after" in how ? `${kind} ${"signal" in how ? how.signal : ""} after ${how.after} ms` : kind;
      return `deno task ${step.words.join(" ")}   # ${manner}`;
    }
    case "put":
      return `the user puts a ${step.stranger.kind} at ${step.stranger.at}/${step.stranger.name}`;
    case "put instead":
      return `the user puts a ${step.stranger.kind} in the place of ${step.stranger.at}/${step.stranger.name}`;
    case "finished run":
      return `a finished run stands at ${step.at}, ${step.story}`;
    case "review":
      return `the user edits ${step.run}/review.json`;
    case "studio":
      return `deno task studio --run ${step.run}: photos are looked at and decided on`;
    case "small sample":
      return `a small sample is drawn at ${step.at} with seed ${step.seed}` +
        (step.stopAfter === undefined ? "" : `, stopped after ${step.stopAfter} photos`);
    case "weights":
      return `deno task weights --from ${step.from}`;
  }
}
