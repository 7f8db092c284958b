import { dirname, join } from "@std/path";
import { entryOf } from "../../../data/base/entry_of.ts";
import { photoNames, writePhotos } from "../../end_to_end/command_line.ts";
import { zipFile } from "../../integration/data/source/zip_file.ts";

/** How a user keeps photos in `photos`. */
export const PHOTOS = [
  "train and test",
  "flat",
  "nested",
  "linked",
  "zips",
  "named like stages",
  "where runs go",
] as const;
export type Photos = (typeof PHOTOS)[number];

const LABELLED = photoNames(5);
const TO_PREDICT = ["1.jpg", "2.jpg"];

const store = await Deno.makeTempDir();
globalThis.addEventListener("unload", () => Deno.removeSync(store, { recursive: true }));
await writePhotos(store, [...LABELLED, ...TO_PREDICT]);
const PICTURES = new Map([...LABELLED, ...TO_PREDICT].map((name) => [name, Deno.readFileSync(join(store, name))]));
const pictureOf = (name: string) => entryOf(PICTURES, name, "a picture");

/** Writes a few photos below a user's home, in the way that the user keeps them. */
export function writeUsersPhotos(home: string, photos: Photos): void {
  const write = (folder: string, names: readonly string[]) => {
    Deno.mkdirSync(join(home, folder), { recursive: true });
    for (const name of names) Deno.writeFileSync(join(home, folder, name), pictureOf(name));
  };
  const zip = (path: string, names: readonly string[]) => {
    Deno.mkdirSync(dirname(join(home, path)), { recursive: true });
    Deno.writeFileSync(join(home, path), zipFile(names.map((name) => ({ name, bytes: pictureOf(name) }))));
  };
  switch (photos) {
    case "train and test":
      write("photos/train", LABELLED);
      return write("photos/test", TO_PREDICT);
    case "flat":
      return write("photos", [...LABELLED, ...TO_PREDICT]);
    case "nested":
      write("photos/train/cats/at home", LABELLED.filter((name) => name.startsWith("cat")));
      write("photos/train/dogs", LABELLED.filter((name) => name.startsWith("dog")));
      return write("photos/test/holiday", TO_PREDICT);
    case "linked":
      write("../outside/camera", LABELLED);
      write("photos/test", TO_PREDICT);
      return Deno.symlinkSync("../../outside/camera", join(home, "photos/train"));
    case "zips":
      zip("photos/train.zip", LABELLED);
      return zip("photos/test.zip", TO_PREDICT);
    case "where runs go":
      write("photos/train", LABELLED);
      write("runs/photos/train", LABELLED);
      return write("runs/photos/test", TO_PREDICT);
    case "named like stages":
      write("photos/train", LABELLED);
      write("photos/test", TO_PREDICT);
      write("photos/scan", LABELLED.slice(0, 2));
      return write("photos/report", TO_PREDICT);
  }
}
