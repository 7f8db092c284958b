import type { PhotoSet } from "../../../runner/stage.ts";

/** Pictures that are served of a photo. */
export type PhotoView = "thumbnail" | "picture" | "evidence";

/** Where a picture of a photo is served; names of all kinds are written so that they mean nothing else. */
export function photoAddress(view: PhotoView, set: PhotoSet, id: string): string {
  return `/photo/${view}?${new URLSearchParams({ set, id })}`;
}
