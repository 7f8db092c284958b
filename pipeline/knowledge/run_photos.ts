import { photoFacts } from "../../data/picture/facts/photo_facts.ts";
import { sha256 } from "../files/hashing.ts";
import { readScanned } from "../runner/read_scanned.ts";
import type { RunContext } from "../runner/run_context.ts";
import type { PhotoSet } from "../runner/stage.ts";
import type { PhotoToShow } from "../thumbnails/thumbnails.ts";
import type { StageValues } from "./stage_values.ts";

/** A photo of the run that can be read, as it was scanned. */
export interface RunPhoto extends PhotoToShow {
  readonly id: string;
  /** Of the whole photo, in pixels. */
  readonly width: number;
  readonly height: number;
}

/**
 * A photo of the run, by its id alone: whatever else stands beside the photos is none. `undefined` where the run has none
 * of that id.
 * @throws PhotoError where one without a label can no longer be read; of all others `read` tells whether they can.
 */
export async function runPhoto(
  set: PhotoSet,
  id: string,
  { photo, values }: StageValues,
  context: Pick<RunContext, "photos">,
): Promise<RunPhoto | undefined> {
  const scanned = photo(set, id);
  if (scanned) return { ...scanned, read: () => readScanned(set, scanned, context) };
  if (set === "test" || !values.scan.unlabelled.includes(id)) return undefined;
  // Of these `scan` tells the name alone.
  const bytes = await (await context.photos(set)).read(id);
  const { width, height, trimmed } = await photoFacts(bytes);
  const read = () => Promise.resolve(bytes);
  return { id, sha256: sha256(bytes), bytes: bytes.length, width, height, box: trimmed, read };
}
