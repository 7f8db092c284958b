import { dirname, join } from "@std/path";

/** What a user's file can be. */
export const KINDS = [
  "file",
  "read-only file",
  "empty file",
  "folder",
  "link to a file",
  "link to a folder",
  "hard link",
  "link to nothing",
  "link to itself",
] as const;

/** Something of the user's that stands where it stands for reasons of theirs. */
export interface Stranger {
  /** A folder below the user's home. */
  readonly at: string;
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
}

/** Where links of the user's lead, from the home's folder. */
const FILE_ELSEWHERE = "../outside/victim.txt";
const FOLDER_ELSEWHERE = "../outside/album";

/**
 * Puts something of the user's in its place, in folders that are the user's where there were none. Where something
 * stands already, or no folder can be, it is left out.
 * @returns the paths that have come, from the home's folder.
 */
export function put(home: string, { at, name, kind }: Stranger): string[] {
  const path = join(at, name);
  const made = missingFolders(home, at);
  try {
    Deno.mkdirSync(join(home, at), { recursive: true });
    if (exists(join(home, path))) return made;
    make(home, path, kind);
  } catch (thrown) {
    // A file or a link that leads nowhere stands in the way.
    if (thrown instanceof Deno.errors.NotFound || thrown instanceof Deno.errors.AlreadyExists) return [];
    if (thrown instanceof Deno.errors.NotADirectory || thrown instanceof Deno.errors.FilesystemLoop) return [];
    throw thrown;
  }
  return kind === "folder" ? [...made, path, join(path, "letter.txt")] : [...made, path];
}

function make(home: string, path: string, kind: Stranger["kind"]): void {
  const full = join(home, path);
  const linkTo = (target: string) => Deno.symlinkSync(join(Deno.realPathSync(home), target), full);
  switch (kind) {
    case "file":
      return Deno.writeTextFileSync(full, `the user's ${path}\n`);
    case "read-only file":
      Deno.writeTextFileSync(full, `the user's ${path}, not to be changed\n`);
      return Deno.chmodSync(full, 0o444);
    case "empty file":
      return Deno.writeTextFileSync(full, "");
    case "folder":
      Deno.mkdirSync(full);
      return Deno.writeTextFileSync(join(full, "letter.txt"), `the user's letter in ${path}\n`);
    case "link to a file":
      return linkTo(FILE_ELSEWHERE);
    case "link to a folder":
      return linkTo(FOLDER_ELSEWHERE);
    case "hard link":
      return Deno.linkSync(join(home, FILE_ELSEWHERE), full);
    case "link to nothing":
      return linkTo("../outside/nothing");
    case "link to itself":
      return Deno.symlinkSync(full, full);
  }
}

/** The folders on the way down to `at` that are not there yet. */
function missingFolders(home: string, at: string): string[] {
  if (at === "" || at === "." || exists(join(home, at))) return [];
  return [...missingFolders(home, dirname(at)), at];
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
