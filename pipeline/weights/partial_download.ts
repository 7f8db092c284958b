/**
 * The bytes of a download that is not finished, with the server's entity tag in a file beside them. Only a strong tag is
 * kept: it promises that two parts under the same tag are of the same bytes (RFC 9110, 8.8.3).
 */
export class PartialDownload {
  constructor(readonly path: string) {}

  get #tagPath(): string {
    return `${this.path}.etag`;
  }

  /** Bytes that are already there. */
  async size(): Promise<number> {
    return (await ifThere(Deno.stat(this.path)))?.size ?? 0;
  }

  tag(): Promise<string | undefined> {
    return ifThere(Deno.readTextFile(this.#tagPath));
  }

  /** Notes which file the bytes are of; without a strong tag they cannot be continued later. */
  async keepTag(tag: string | null): Promise<void> {
    if (tag?.startsWith('"')) await Deno.writeTextFile(this.#tagPath, tag);
    else await ifThere(Deno.remove(this.#tagPath));
  }

  /** Opens the file to write from `start` on; what follows is cut off. */
  async openAt(start: number): Promise<Deno.FsFile> {
    const file = await Deno.open(this.path, { create: true, write: true });
    await file.truncate(start);
    await file.seek(start, Deno.SeekMode.Start);
    return file;
  }

  /** Gives the finished file its name. */
  async finish(path: string): Promise<void> {
    await Deno.rename(this.path, path);
    await ifThere(Deno.remove(this.#tagPath));
  }

  async discard(): Promise<void> {
    await ifThere(Deno.remove(this.path));
    await ifThere(Deno.remove(this.#tagPath));
  }
}

async function ifThere<T>(file: Promise<T>): Promise<T | undefined> {
  try {
    return await file;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return undefined;
    throw thrown;
  }
}
