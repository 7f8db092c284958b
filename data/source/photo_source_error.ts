/** A folder or zip file that cannot be taken as a source of photos; the message says why in one line. */
export class PhotoSourceError extends Error {
  override readonly name = "PhotoSourceError";

  /** Completes `message` by the reason in what the operating system or a library threw. */
  static from(message: string, thrown: unknown): PhotoSourceError {
    return new PhotoSourceError(`${message}, got ${reasonOf(thrown)}`, { cause: thrown });
  }
}

/** Why something could not be read, in a few words. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof Deno.errors.NotFound) return "nothing there";
  if (thrown instanceof Deno.errors.PermissionDenied || thrown instanceof Deno.errors.NotCapable) {
    return "no permission to read it";
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}
