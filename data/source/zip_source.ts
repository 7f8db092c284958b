import { crc32 } from "node:zlib";
// @ts-types="@types/yauzl"
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { compareIds, labelOfFolder } from "../labels.ts";
import { PhotoError } from "../picture/photo_error.ts";
import { PhotoSourceError, reasonOf } from "./photo_source_error.ts";
import { isPicturePath } from "../picture/picture_format.ts";
import type { PhotoSource, SourceEntry } from "./source_entry.ts";

/**
 * Photos in a zip file, such as Kaggle's `train.zip`. Only the list of entries is kept in memory; photos are read from
 * where they are. A folder that all entries share (`train/`) is left out of the ids, unless it names a class.
 */
export class ZipSource implements PhotoSource {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws PhotoSourceError when the file is no zip file, or a part of it is missing. */
  static async open(path: string): Promise<ZipSource> {
    let zip: ZipFile | undefined;
    try {
      zip = await openPromise(path, { autoClose: false, lazyEntries: true });
      const pictures: Entry[] = [];
      for await (const entry of zip.eachEntry()) if (isPicturePath(entry.fileName)) pictures.push(entry);
      const shared = sharedFolder(pictures.map(({ fileName }) => fileName));
      return new ZipSource(zip, new Map(pictures.map((entry) => [entry.fileName.slice(shared.length), entry])));
    } catch (thrown) {
      zip?.close();
      throw PhotoSourceError.from(
        `Cannot open ${path}: expected a whole zip file (download it again if it was cut short)`,
        thrown,
      );
    }
  }

  list(): Promise<SourceEntry[]> {
    const entries = [...this.#entries].map(([id, entry]): SourceEntry => ({
      id,
      bytes: entry.uncompressedSize,
      // A zip states local time without its zone: read as UTC, it is the same on every machine.
      modified: entry.getLastModDate({ timezone: "UTC", forceDosFormat: true }).getTime(),
      crc32: entry.crc32,
    }));
    return Promise.resolve(entries.sort((a, b) => compareIds(a.id, b.id)));
  }

  async read(id: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#entries.get(id);
    if (!entry) throw new PhotoError("unreadable: the zip file has no such entry");
    try {
      const bytes = new Uint8Array(entry.uncompressedSize);
      let length = 0;
      // yauzl ends the stream with an error where it would be longer or shorter than stated.
      for await (const piece of await this.#zip.openReadStreamPromise(entry)) {
        bytes.set(piece, length);
        length += piece.length;
      }
      if (crc32(bytes) !== entry.crc32) throw new PhotoError("damaged: the zip file states another checksum");
      return bytes;
    } catch (thrown) {
      if (thrown instanceof PhotoError) throw thrown;
      throw new PhotoError(`unreadable: ${reasonOf(thrown)}`, { cause: thrown });
    }
  }

  close(): Promise<void> {
    this.#zip.close();
    return Promise.resolve();
  }
}

/** The first folder of all names with its `/`, if there is one and it says nothing about the label. */
function sharedFolder(names: readonly string[]): string {
  const first = names[0]?.slice(0, names[0].indexOf("/") + 1) ?? "";
  const shared = names.every((name) => name.startsWith(first));
  return shared && labelOfFolder(first.slice(0, -1)) === undefined ? first : "";
}
