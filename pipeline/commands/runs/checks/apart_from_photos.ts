import { resolve } from "@std/path";
import { freeName } from "../../../../data/owned/owned_folder.ts";
import { FOLDER_KINDS, type FolderKind } from "../../../../data/owned/folder_kinds.ts";
import { UserError } from "../../../files/user_error.ts";
import { realPlace } from "../places/real_place.ts";

/**
 * Checks that a folder to write into and the photos have no place in common, links followed.
 * @param photos folders and zip files
 * @throws UserError when the folder is, holds or lies inside one of them.
 */
export async function assertApartFromPhotos(
  folder: string,
  kind: FolderKind,
  photos: readonly string[],
): Promise<void> {
  const place = await realPlace(folder);
  for (const path of photos) {
    const photosPlace = await realPlace(path);
    const relation = relationOf(place, photosPlace);
    if (relation === undefined) continue;
    const { option } = FOLDER_KINDS[kind];
    const name = await freeName(relation === "lies inside" ? path : folder, kind);
    const isApart = (await Promise.all(photos.map(realPlace)))
      .every((other) => relationOf(resolve(name), other) === undefined);
    throw new UserError(
      `Cannot write into ${folder}: expected a folder apart from the photos, got one that ${relation} ${path}. Name ` +
        `another${isApart ? `: ${option} ${name}` : ` with ${option}`}`,
    );
  }
}

function relationOf(folder: string, photos: string): string | undefined {
  if (folder === photos) return "is";
  if (`${photos}/`.startsWith(folder === "/" ? "/" : `${folder}/`)) return "holds";
  if (`${folder}/`.startsWith(photos === "/" ? "/" : `${photos}/`)) return "lies inside";
  return undefined;
}
