import { UserError } from "../base/user_error.ts";

/** A folder that is not to be written into, or a file that is not to be replaced; the message says why in one line. */
export class FolderError extends UserError {
  override readonly name = "FolderError";
}
