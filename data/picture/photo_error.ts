/** A file that cannot be taken as a photo. The message is the reason in one line: `truncated: ...`, `empty: ...`. */
export class PhotoError extends Error {
  override readonly name = "PhotoError";
}
