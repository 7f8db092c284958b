import { PhotoError } from "../../data/picture/decode.ts";
import { sha256 } from "../files/hashing.ts";
import type { Photo } from "./photo.ts";
import type { PhotoSet, StageTools } from "../runner/stage.ts";
import { UserError } from "../files/user_error.ts";

/**
 * Reads a photo that `scan` has told of: just the bytes that are given were compared with what it told, so that no
 * result is ever kept for a photo that it was not made of.
 * @throws UserError when the photo has changed since, or is gone.
 */
export async function readScanned(
  set: PhotoSet,
  { id, sha256: scanned }: Pick<Photo, "id" | "sha256">,
  tools: Pick<StageTools, "photos">,
): Promise<Uint8Array> {
  const changed = (got: string) =>
    new UserError(
      `Cannot use ${id} of the ${set} photos: expected the photo as it was scanned, got ${got}. It changed while the ` +
        `run was under way: run the same command again, it goes on from here with the photo as it is then`,
    );
  try {
    const bytes = await (await tools.photos(set)).read(id);
    if (sha256(bytes) !== scanned) throw changed("another");
    return bytes;
  } catch (thrown) {
    throw thrown instanceof PhotoError ? changed(thrown.message) : thrown;
  }
}
