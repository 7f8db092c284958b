import { join } from "@std/path";
import sharp from "sharp";

/**
 * Adds photos to predict to those that were drawn, of the kinds in which a prediction that is not the run's own shows:
 * bordered, turned, both, tiny, transparent, white all over.
 * @param folder that with the drawn `1.jpg`
 */
export async function addPhotosToPredict(folder: string): Promise<void> {
  const drawn = join(folder, "1.jpg");
  const border = { top: 30, bottom: 5, left: 60, right: 20, background: "#ffffff" };
  const turned = { orientation: 6 };
  const clear = { r: 40, g: 160, b: 90, alpha: 0.4 };
  await sharp(drawn).extend(border).jpeg({ quality: 95 }).toFile(join(folder, "901.jpg"));
  await sharp(drawn).withMetadata(turned).jpeg().toFile(join(folder, "902.jpg"));
  await sharp(drawn).extend(border).withMetadata(turned).jpeg({ quality: 95 }).toFile(join(folder, "903.jpg"));
  await sharp(drawn).resize(7, 5).jpeg().toFile(join(folder, "904.jpg"));
  await sharp(drawn).resize(1, 1).png().toFile(join(folder, "905.png"));
  await sharp(drawn).ensureAlpha(0.5).extend({ ...border, background: clear }).webp().toFile(join(folder, "906.webp"));
  const white = { width: 80, height: 60, channels: 3, background: "#ffffff" } as const;
  await sharp({ create: white }).jpeg().toFile(join(folder, "907.jpg"));
  await Deno.copyFile(drawn, join(folder, ODD_NAME));
}

/** The name of the last one: a comma, and what a shell, a URL or a spreadsheet takes for its own. */
export const ODD_NAME = "=odd name, é%20#1;$x.jpg";

/** Of these, the ones whose P(dog) is another when borders are cut. */
export const BORDERED: readonly string[] = ["901.jpg", "903.jpg"];
