import { join } from "@std/path";
import { writeUsersPhotos } from "./photos.ts";
import { SMALL_SET } from "./small_weights.ts";
import type { Layout } from "../steps.ts";
import { put } from "./strangers.ts";

/** Links and folders that every world has, so that commands can be pointed at them. */
const FILES: Record<string, string> = {
  "victim.txt": "what a path that climbs too high would meet\n",
  "outside/victim.txt": "what links lead to\n",
  "outside/album/cat.1.jpg": "no picture, but the user's\n",
  "outside/album/output.json": '{ "album": 2 }\n',
  "home/notes.txt": "a note\n",
  "home/weights/manifest.json": JSON.stringify(SMALL_SET),
  "home/project/plan.txt": "a plan\n",
  "home/project/train/timetable.txt": "when trains leave\n",
  "home/project/report/thesis.docx": "years of work\n",
};
const LINKS: Record<string, string> = {
  "home/photos-link": "photos",
  "home/album-link": "../outside/album",
  "home/run-link": "run",
  "home/loop": "loop",
  "home/dangling": "nowhere",
  "home/project/scan": "../../outside/album",
};

/** Makes the world that a layout begins with; commands are given in `home`. */
export function makeWorld(root: string, { photos, strangers }: Layout): void {
  for (const [path, text] of Object.entries(FILES)) {
    Deno.mkdirSync(join(root, path, ".."), { recursive: true });
    Deno.writeTextFileSync(join(root, path), text);
  }
  for (const [path, target] of Object.entries(LINKS)) Deno.symlinkSync(target, join(root, path));
  const home = join(root, "home");
  writeUsersPhotos(home, photos);
  for (const stranger of strangers) put(home, stranger);
}
