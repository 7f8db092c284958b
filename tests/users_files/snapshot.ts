import { dirname, join } from "@std/path";
import { markerFile } from "../../data/owned/folder_marker.ts";
import { sha256 } from "../../pipeline/files/hashing.ts";

/** What stands at each path below a folder: its kind and mode, and its bytes or where it points. */
export type Snapshot = ReadonlyMap<string, string>;

/** Takes a folder as it is, links not followed. Paths are relative to it. */
export function snapshotOf(root: string, folder = ""): Snapshot {
  const found = new Map<string, string>();
  for (const { name } of Deno.readDirSync(join(root, folder))) {
    const path = join(folder, name);
    const info = Deno.lstatSync(join(root, path));
    const mode = ((info.mode ?? 0) & 0o7777).toString(8);
    if (info.isSymlink) found.set(path, `a link to ${Deno.readLinkSync(join(root, path))}`);
    else if (info.isDirectory) {
      found.set(path, `a folder, ${mode}`);
      for (const [below, what] of snapshotOf(root, path)) found.set(below, what);
    } else if (info.isFile) {
      const bytes = Deno.readFileSync(join(root, path));
      found.set(path, `a file of ${bytes.length} bytes, ${mode}, ${sha256(bytes).slice(0, 12)}`);
    } else found.set(path, "neither file, folder nor link");
  }
  return found;
}

/** What is no longer as it was, a line each. What has come since is left out. */
export function losses(before: Snapshot, after: Snapshot): string[] {
  return [...before].filter(([path, what]) => after.get(path) !== what).map(([path, what]) =>
    `${path} was ${what} and is ${after.get(path) ?? "gone"}`
  );
}

const MARKERS = (["run", "sample", "export", "features"] as const).map(markerFile);

/** Where files come without a marker: weights, and what a finished run was told to have moved there. */
const WITHOUT_MARKER = /^(home\/weights|outside\/moved)/;

/** Files that have come since and lie in no folder that is marked as the program's own, a line each. */
export function strays(before: Snapshot, now: Snapshot): string[] {
  const isMarked = (folder: string): boolean =>
    MARKERS.some((marker) => now.has(join(folder, marker))) || (folder !== "." && isMarked(dirname(folder)));
  return [...now].filter(([path, what]) =>
    what.startsWith("a file") && !before.has(path) && !WITHOUT_MARKER.test(path) && !isMarked(dirname(path))
  ).map(([path, what]) => `${path} has come: ${what}`);
}
