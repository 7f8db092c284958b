import { assertEquals } from "@std/assert";
import { join } from "@std/path";

/** Makes a FIFO: reading it waits until somebody writes. */
export async function makeFifo(path: string): Promise<void> {
  const { success } = await new Deno.Command("mkfifo", { args: [path] }).output();
  assertEquals(success, true, "mkfifo");
}

/** Makes a file of a size that takes no room on the disk, with these bytes at its beginning. */
export async function makeSparse(path: string, bytes: number, beginning = new Uint8Array()): Promise<void> {
  await Deno.writeFile(path, beginning);
  await Deno.truncate(path, bytes);
}

/** Makes two files whose names are not UTF-8 and differ only in that, such as `cat.\xfe.jpg`. */
export async function makeNameless(folder: string, contents: Uint8Array): Promise<void> {
  await Deno.writeFile(join(folder, "nameless"), contents);
  // The names are written by the shell: this runtime cannot.
  const script = `cp nameless "$(printf 'cat.\\376.jpg')" && mv nameless "$(printf 'cat.\\377.jpg')"`;
  const { success, stderr } = await new Deno.Command("sh", { args: ["-c", script], cwd: folder }).output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
}
