import { fromFileUrl, join } from "@std/path";
import { z } from "zod";
import { FUSED_BACKBONES } from "../../model/networks/fused/fusion_net.ts";
import { BackboneDescription } from "../../model/weights/backbone_description.ts";
import { messageOf, UserError } from "../files/user_error.ts";

/** No file of weights may take more: several times what any backbone here does. */
export const MAXIMUM_WEIGHTS_BYTES = 500_000_000;

/** A name in the set's own folder: nothing in the manifest reaches outside. */
const fileName = z.string().regex(/^[\w-][\w.-]*$/);

/** One file of a set of weights. */
export const WeightsFile = z.strictObject({
  name: fileName,
  /** Where to download it; a file without one comes with the repository. */
  url: z.url().optional(),
  license: z.string(),
  /** What is known about the content; it is checked where it is given. */
  bytes: z.number().int().positive().optional(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/).optional(),
  /** What the file is, where its own metadata does not say. */
  description: BackboneDescription.optional(),
});
export type WeightsFile = z.infer<typeof WeightsFile>;

/** The sets of weights that can be had by name. */
export const WeightsManifest = z.strictObject({
  schema: z.literal(1),
  sets: z.record(
    z.string(),
    z.strictObject({
      /** Relative to the manifest. */
      folder: z.union([z.literal("."), fileName]),
      files: z.array(WeightsFile).length(FUSED_BACKBONES.length),
    }),
  ),
});
export type WeightsManifest = z.infer<typeof WeightsManifest>;

/** The folder of the repository that holds the manifest and the sets. */
export const WEIGHTS_FOLDER = fromFileUrl(new URL("../../weights", import.meta.url));

/**
 * Reads `manifest.json` in a folder.
 * @throws UserError that names everything in it that is not as it should be.
 */
export async function readWeightsManifest(folder: string = WEIGHTS_FOLDER): Promise<WeightsManifest> {
  const path = join(folder, "manifest.json");
  try {
    return WeightsManifest.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (thrown) {
    const reason = thrown instanceof z.ZodError ? z.prettifyError(thrown).replaceAll("\n", " ") : messageOf(thrown);
    throw new UserError(`Cannot read ${path}: ${reason}. Restore the file from the repository`);
  }
}
