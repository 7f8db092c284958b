import { join } from "@std/path";
import sharp, { type Sharp } from "sharp";

/**
 * Writes the first drawn photo in ways that another decoder may decode otherwise.
 * @param folder that with the drawn `photos/train`; they are written into it
 * @param more further ones of that photo, by their names
 * @returns their paths
 */
export async function writeAwkwardPhotos(
  folder: string,
  more: (photo: () => Sharp) => Readonly<Record<string, Sharp>>,
): Promise<string[]> {
  const bytes = await Deno.readFile(join(folder, "photos/train/cat.1.jpg"));
  const photo = () => sharp(bytes);
  const made = {
    "bordered.png": photo().extend({ top: 30, bottom: 9, left: 0, right: 71, background: "white" }).png(),
    "grey.jpg": photo().grayscale().jpeg(),
    "turned.jpg": photo().withMetadata({ orientation: 6 }).jpeg(),
    "seen_through.png": photo().ensureAlpha(0.5).png(),
    ...more(photo),
  };
  return await Promise.all(
    Object.entries(made).map(async ([name, picture]) => {
      await Deno.writeFile(join(folder, name), await picture.toBuffer());
      return join(folder, name);
    }),
  );
}
