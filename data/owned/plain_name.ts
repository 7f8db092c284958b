/** What ends the parts of a path on some system, and the end of a name to the system itself. */
const NEVER_IN_A_NAME = /[/\\\0]/;

/** Whether a text is the name of a file in the folder where it is said, and no way out of it. */
export function isPlainName(text: string): boolean {
  return text !== "" && text !== "." && text !== ".." && !NEVER_IN_A_NAME.test(text);
}

/** Whether a text is a path to a place below the folder where it is said: plain names with `/` between them. */
export function isPathBelow(text: string): boolean {
  return text.split("/").every(isPlainName);
}
