/**
 * A file that processes write on in turn: whoever holds it open here is alone with it, until it is disposed of or its
 * process ends, however it ends. Only those who open it in this way wait for each other.
 */
export class LockedFile implements Disposable {
  private constructor(readonly file: Deno.FsFile) {}

  /**
   * Opens a file as soon as nobody else holds it.
   * @param create whether it is made where there is none
   * @param waits whether it is waited for until whoever holds it lets go
   * @returns `undefined` where there is none and none is made, or somebody holds it and is not waited for.
   */
  static async open(
    path: string,
    { create, waits = true }: { readonly create: boolean; readonly waits?: boolean },
  ): Promise<LockedFile | undefined> {
    const file = await Deno.open(path, { read: true, write: true, create }).catch((thrown) => {
      if (thrown instanceof Deno.errors.NotFound) return undefined;
      throw thrown;
    });
    if (file === undefined) return undefined;
    try {
      if (waits) await file.lock(true);
      else if (!await file.tryLock(true)) {
        file.close();
        return undefined;
      }
    } catch (thrown) {
      file.close();
      throw thrown;
    }
    return new LockedFile(file);
  }

  async size(): Promise<number> {
    return (await this.file.stat()).size;
  }

  /** What stands after the first `start` bytes. */
  async readFrom(start: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(Math.max(await this.size() - start, 0));
    await this.file.seek(start, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) {
      const count = await this.file.read(bytes.subarray(at));
      if (count === null) return bytes.subarray(0, at);
      at += count;
    }
    return bytes;
  }

  /** Writes bytes after the first `length` bytes and waits for the disk; what stood behind them goes. */
  async writeAfter(length: number, bytes: Uint8Array): Promise<void> {
    await this.file.truncate(length);
    await this.file.seek(length, Deno.SeekMode.Start);
    for (let at = 0; at < bytes.length;) at += await this.file.write(bytes.subarray(at));
    await this.file.syncData();
  }

  [Symbol.dispose](): void {
    this.file.close();
  }
}

/** Whether a process, this one included, holds a file locked now; not, where it cannot be opened. Nothing is written. */
export async function isLocked(path: string): Promise<boolean> {
  const file = await Deno.open(path).catch(() => undefined);
  if (file === undefined) return false;
  try {
    return !await file.tryLock(false);
  } finally {
    file.close();
  }
}
