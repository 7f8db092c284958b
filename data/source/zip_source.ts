import { crc32 } from "node:zlib";
// @ts-types="@types/yauzl"
import { type Entry, fromFdPromise, getFileNameLowLevel, validateFileName, type ZipFile } from "yauzl";
import { compareIds } from "../id_order.ts";
import { labelOfFolder } from "../labels.ts";
import { PhotoError } from "../photo_error.ts";
import { PhotoSourceError, reasonOf } from "../photo_source_error.ts";
import { assertFits } from "../picture/photo_file.ts";
import { closeFile, openRegularFile } from "../files/regular_file.ts";
import { firstLines } from "./first_lines.ts";
import { fileKind } from "./file_kind.ts";
import type { LeftOut } from "./left_out.ts";
import type { PhotoSource, SourceEntry } from "./source_entry.ts";

/** Kaggle's zip files have 25,000 entries; a list of this many takes some hundred megabytes. */
const MAXIMUM_ENTRIES = 250_000;

/** How the contents of an entry that is read are packed. */
const [STORED, DEFLATED] = [0, 8];

/**
 * Photos in a zip file, such as Kaggle's `train.zip`. Only the list of entries is kept in memory; photos are read from
 * where they are. A folder that all entries share (`train/`) is left out of the ids, unless it names a class.
 */
export class ZipSource implements PhotoSource {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;
  /** Ids that several entries have. */
  readonly #ambiguous: ReadonlySet<string>;

  /** Entries that are no photos by their names, photos that others of their name replace, and folders that are empty. */
  readonly #leftOut: readonly LeftOut[];

  private constructor(
    zip: ZipFile,
    pictures: readonly (readonly [name: string, entry: Entry])[],
    leftOut: readonly LeftOut[],
  ) {
    this.#zip = zip;
    const shared = sharedFolder(pictures.map(([name]) => name));
    const entries = new Map<string, Entry>();
    const ambiguous = new Set<string>();
    const replaced: LeftOut[] = [];
    for (const [name, entry] of pictures) {
      const id = name.slice(shared.length);
      if (entries.has(id)) {
        ambiguous.add(id);
        replaced.push({ id, kind: "replaced" });
      }
      entries.set(id, entry);
    }
    this.#leftOut = [...leftOut, ...replaced];
    this.#entries = entries;
    this.#ambiguous = ambiguous;
  }

  /** @throws PhotoSourceError when the file is no zip file, or a part of it is missing. */
  static async open(path: string): Promise<ZipSource> {
    let zip: ZipFile | undefined;
    try {
      zip = await openZip(path);
      if (zip.entryCount > MAXIMUM_ENTRIES) {
        throw new PhotoSourceError(
          `Cannot open ${path}: expected a zip file of ${MAXIMUM_ENTRIES} entries or fewer, got ${zip.entryCount}. ` +
            `Unpack it and name the folder`,
        );
      }
      const named: [name: string, entry: Entry][] = [];
      for await (const entry of zip.eachEntry()) {
        const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
        named.push([name, entry]);
      }
      const pictures = named.filter(([name]) => kindOf(name) === "photo");
      return new ZipSource(zip, pictures, leftOutOf(named.map(([name]) => name)));
    } catch (thrown) {
      zip?.close();
      if (thrown instanceof PhotoSourceError) throw thrown;
      throw PhotoSourceError.from(
        `Cannot open ${path}: expected a whole zip file (download it again if it was cut short)`,
        thrown,
      );
    }
  }

  list(
    warn: (line: string) => void = () => {},
    leaveOut: (left: LeftOut) => void = () => {},
  ): Promise<SourceEntry[]> {
    const severalNamed = [...this.#ambiguous].map((id) =>
      `the zip file has several entries named ${id}: the last one is read, as it is what unpacking leaves`
    );
    firstLines(severalNamed, "names of several entries").forEach(warn);
    this.#leftOut.forEach(leaveOut);
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
    assertReadable(entry, id);
    try {
      const bytes = new Uint8Array(entry.uncompressedSize);
      let length = 0;
      for await (const piece of await this.#zip.openReadStreamPromise(entry)) {
        if (length + piece.length > bytes.length) throw otherSize();
        bytes.set(piece, length);
        length += piece.length;
      }
      if (length < bytes.length) throw otherSize();
      if (crc32(bytes) !== entry.crc32) throw new PhotoError("damaged: the zip file states another checksum");
      return bytes;
    } catch (thrown) {
      if (thrown instanceof PhotoError) throw thrown;
      throw new PhotoError(`damaged: the zip file cannot be read at this entry (${reasonOf(thrown)})`, {
        cause: thrown,
      });
    }
  }

  close(): Promise<void> {
    this.#zip.close();
    return Promise.resolve();
  }
}

/** Opens a regular file as a zip file whose entries are judged one by one: a bad one costs none of the others. */
async function openZip(path: string): Promise<ZipFile> {
  const { descriptor } = await openRegularFile(path);
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false, validateEntrySizes: false };
  try {
    return await fromFdPromise(descriptor, options);
  } catch (thrown) {
    await closeFile(descriptor);
    throw thrown;
  }
}

/** A name like `../cat.1.jpg` names a picture too, which is said to be unreadable rather than left out. */
function kindOf(name: string): ReturnType<typeof fileKind> {
  return fileKind(name.split("/").filter((part) => part !== ".." && part !== ".").join("/"));
}

/** What is no photo among a zip file's entries: files by their names, and folders that nothing lies in. */
function leftOutOf(names: readonly string[]): LeftOut[] {
  const parents = new Set(names.map((name) => name.slice(0, name.replace(/\/$/, "").lastIndexOf("/") + 1)));
  return names.flatMap((name): LeftOut[] => {
    const kind = kindOf(name);
    if (kind === "photo" || (isFolder(name) && parents.has(name))) return [];
    return [isFolder(name) ? { id: name.slice(0, -1), kind: "emptyFolder" } : { id: name, kind }];
  });
}

function isFolder(name: string): boolean {
  return name.endsWith("/");
}

function assertReadable(entry: Entry, id: string): void {
  assertFits(entry.uncompressedSize);
  if (validateFileName(id) !== null) throw new PhotoError("unreadable: its name leads out of the zip file");
  if (entry.isEncrypted()) {
    throw new PhotoError("unreadable: it is encrypted. Unpack the zip file with its password and name the folder");
  }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED) {
    throw new PhotoError(
      `unreadable: it is packed by a method that is not read here (number ${entry.compressionMethod}). Unpack the ` +
        `zip file and name the folder`,
    );
  }
}

function otherSize(): PhotoError {
  return new PhotoError("damaged: the zip file states another size");
}

/** The first folder of all names with its `/`, if there is one and it says nothing about the label. */
function sharedFolder(names: readonly string[]): string {
  const first = names[0]?.slice(0, names[0].indexOf("/") + 1) ?? "";
  const shared = first !== "../../" && names.every((name) => name.startsWith(first));
  return shared && labelOfFolder(first.slice(0, -1)) === undefined ? first : "";
}
