import { setTimeout as delay } from "node:timers/promises";
import { assertFile, NotAFile, readInto } from "../../data/files/regular_file.ts";
import { UserError } from "../files/user_error.ts";

/** What stands for the server's entity tag where there is none that one can rely on. */
const NO_TAG = "none";
/** What the tag's file holds. Only a strong tag promises that parts under it are of the same bytes (RFC 9110, 8.8.3). */
const TAG = /^(none|"[^"\r\n]{0,200}")$/;
const LONGEST_TAG = 202;
/** How often, and after how many milliseconds each, a tag is looked for that another process may be writing. */
const [LOOKS, LOOK_MILLISECONDS] = [20, 25];

/**
 * The bytes of a download that is not finished, with the server's entity tag in a file beside them. The tag's file is
 * made first and stands as long as the bytes do: bytes without one are not ours. Whoever has it open holds it for one
 * process; the system lets go of it when the process ends, however it ends.
 */
export class PartialDownload implements AsyncDisposable {
  #isOver = false;

  private constructor(readonly path: string, readonly file: Deno.FsFile) {}

  /**
   * Makes the file, or goes on with what an earlier download left.
   * @throws UserError when something else lies in its place, or another process is at work on it.
   */
  static async open(path: string): Promise<PartialDownload> {
    let [isBegun, tagged] = await whatIsThere(path);
    // Another process may have made both since, or be writing the tag anew.
    for (let looks = 0; isBegun && !tagged && looks < LOOKS; looks++) {
      await delay(LOOK_MILLISECONDS);
      [isBegun, tagged] = await whatIsThere(path);
    }
    if (isBegun && !tagged) throw inTheWay(path, "a file that no download left");
    if (!isBegun) {
      if (!tagged) await writeNew(tagPath(path), NO_TAG);
      await ifNew(Deno.open(path, { write: true, createNew: true }).then((file) => file.close()));
    }
    const file = await openOurs(path);
    if (await file.tryLock(true) && await isSame(file, path)) return new PartialDownload(path, file);
    file.close();
    throw new UserError(
      `Cannot download to ${path}: another process is downloading it. Wait for it, then run the same command again`,
    );
  }

  /** Bytes that are already there. */
  async size(): Promise<number> {
    return (await this.file.stat()).size;
  }

  /** What the bytes can be continued by, if anything. */
  async tag(): Promise<string | undefined> {
    const tag = await Deno.readTextFile(tagPath(this.path));
    return tag === NO_TAG ? undefined : tag;
  }

  /** Notes which file the bytes are of; without a strong tag they cannot be continued later. */
  async keepTag(tag: string | null): Promise<void> {
    await Deno.remove(tagPath(this.path));
    await writeNew(tagPath(this.path), tag !== null && TAG.test(tag) ? tag : NO_TAG);
  }

  /** What is written next stands at `start`; what followed is cut off. */
  async cutAt(start: number): Promise<void> {
    await this.file.truncate(start);
    await this.file.seek(start, Deno.SeekMode.Start);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.file.write(bytes.subarray(at));
  }

  /** Forgets what is there: going on with it would never end well. */
  async clear(): Promise<void> {
    await this.keepTag(null);
    await this.cutAt(0);
  }

  async content(): Promise<Uint8Array> {
    const bytes = new Uint8Array(await this.size());
    await this.file.seek(0, Deno.SeekMode.Start);
    await readInto(this.file, bytes);
    return bytes;
  }

  /**
   * Gives the finished file its name.
   * @throws UserError when the name has been taken meanwhile.
   */
  async finish(path: string): Promise<void> {
    await this.file.syncData();
    if (await isThere(path)) throw inTheWay(path, "a file that came meanwhile");
    await Deno.rename(this.path, path);
    await Deno.remove(tagPath(this.path));
    this.#isOver = true;
  }

  /** Lets go of it; bytes stay, to be continued. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      if (this.#isOver || await this.size() > 0) return;
      await Deno.remove(this.path);
      await Deno.remove(tagPath(this.path));
    } finally {
      this.file.close();
    }
  }
}

/** Whether there are bytes, and whether a tag says that they are ours. */
async function whatIsThere(path: string): Promise<[isBegun: boolean, tagged: boolean]> {
  return [await isThere(path), await isOurTag(tagPath(path))];
}

function tagPath(path: string): string {
  return `${path}.etag`;
}

/** @throws UserError when something lies there that no download wrote. */
async function isOurTag(path: string): Promise<boolean> {
  if (!await isThere(path)) return false;
  await assertOurs(path);
  // Another process may have made it and be about to write it.
  for (let looks = 0; looks < LOOKS && (await Deno.lstat(path)).size === 0; looks++) await delay(LOOK_MILLISECONDS);
  const { size } = await Deno.lstat(path);
  if (size > LONGEST_TAG || !TAG.test(await Deno.readTextFile(path))) throw inTheWay(path, "a file of another kind");
  return true;
}

async function openOurs(path: string): Promise<Deno.FsFile> {
  await assertOurs(path);
  return await Deno.open(path, { read: true, write: true });
}

/** What is written to a link or to a file of two names changes a file elsewhere. */
async function assertOurs(path: string): Promise<void> {
  const info = await Deno.lstat(path);
  try {
    assertFile(info);
  } catch (thrown) {
    if (thrown instanceof NotAFile) throw inTheWay(path, thrown.kind);
    throw thrown;
  }
  if ((info.nlink ?? 1) > 1) throw inTheWay(path, "a file that has another name as well");
}

function inTheWay(path: string, what: string): UserError {
  return new UserError(
    `Cannot download to ${path}: expected nothing there or what an earlier download left, got ${what}. ` +
      `Move it away, then run the same command again`,
  );
}

/** Whether the name still stands for what is open. */
async function isSame(file: Deno.FsFile, path: string): Promise<boolean> {
  const [opened, named] = [await file.stat(), await Deno.lstat(path).catch(() => undefined)];
  return opened.ino === named?.ino && opened.dev === named?.dev;
}

/** Whether anything has that name, a link to nothing included. */
async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return false;
    throw thrown;
  }
}

/** Never through a link: a file is made or not. */
async function writeNew(path: string, text: string): Promise<void> {
  await ifNew(Deno.writeTextFile(path, text, { createNew: true }));
}

/** Another process may have made it in this moment; who holds it is settled by the lock. */
async function ifNew(made: Promise<void>): Promise<void> {
  try {
    await made;
  } catch (thrown) {
    if (!(thrown instanceof Deno.errors.AlreadyExists)) throw thrown;
  }
}
