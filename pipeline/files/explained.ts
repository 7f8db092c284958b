import { messageOf, UserError } from "./user_error.ts";

/**
 * A failure to use a file of the run as an error that tells the user what to do, where there is something to do.
 * @param option names the folder that the file is in
 */
export function explained(thrown: unknown, path: string, option = "--out"): unknown {
  const message = messageOf(thrown);
  if (thrown instanceof UserError) return thrown;
  if (/ENOSPC|no space left/i.test(message)) {
    return new UserError(
      `Cannot write ${path}: the disk is full. Free some space or name another folder with ${option}, then run the same ` +
        `command again: finished work is kept`,
    );
  }
  if (/EROFS|read-only file system/i.test(message)) {
    return new UserError(
      `Cannot write ${path}: the disk can only be read. Name another folder, or let it be written and run the same ` +
        `command again`,
    );
  }
  if (/ENAMETOOLONG|name too long/i.test(message)) {
    return new UserError(`Cannot use a folder: expected a shorter name, got one of ${path.length} letters`);
  }
  const { AlreadyExists, FilesystemLoop, IsADirectory, NotADirectory, PermissionDenied } = Deno.errors;
  if (thrown instanceof IsADirectory) {
    return new UserError(`Cannot use ${path}: expected a file, got a folder in its place. Move it away`);
  }
  if ([AlreadyExists, FilesystemLoop, NotADirectory, PermissionDenied].some((kind) => thrown instanceof kind)) {
    return new UserError(`Cannot use ${path}: ${message}. Check who owns the folder, or name another with ${option}`);
  }
  return thrown;
}
