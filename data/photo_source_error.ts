import { firstLineOf } from "./base/message_of.ts";
import { UserError } from "./base/user_error.ts";
import { NotAFile } from "./files/regular_file.ts";

/** A folder or zip file that cannot be taken as a source of photos; the message says why in one line. */
export class PhotoSourceError extends UserError {
  override readonly name = "PhotoSourceError";

  /** Completes `message` by the reason in what the operating system or a library threw. */
  static from(message: string, thrown: unknown): PhotoSourceError {
    return new PhotoSourceError(`${message}, got ${reasonOf(thrown)}`, { cause: thrown });
  }
}

/** What the operating system's words for why a file cannot be read mean. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "nothing there",
  ENOTDIR: "nothing there",
  EACCES: "no permission to read it",
  EPERM: "no permission to read it",
  ELOOP: "links that lead in a circle",
  ENAMETOOLONG: "a path that is too long",
  EMFILE: "too many files open at once",
  EIO: "an error of the disk",
};

/** Why something could not be read, in a few words. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof NotAFile) return `${thrown.kind}, not a regular file`;
  if (thrown instanceof Deno.errors.NotFound) return REASONS.ENOENT;
  if (thrown instanceof Deno.errors.PermissionDenied || thrown instanceof Deno.errors.NotCapable) return REASONS.EACCES;
  const code = thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
  return REASONS[code] ?? firstLineOf(thrown);
}
