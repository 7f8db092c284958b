import type { LeftOut } from "./left_out.ts";

/** A file that is a photo by its name, as a listing shows it, without reading it. */
export interface SourceEntry {
  /** Its path below the folder or inside the zip file, parts separated by `/`. */
  readonly id: string;
  /** Size of the contents in bytes. */
  readonly bytes: number;
  /**
   * Time of the last change in milliseconds since 1970: of a file's contents or of what the system keeps of it,
   * whichever is later, since the former can be set back; for a zip's entry, its own time read as UTC.
   */
  readonly modified: number;
  /** CRC-32 of the contents, where the zip file states it. */
  readonly crc32?: number;
  /** The entry that is the very same file, where a link leads to it. */
  readonly sameAs?: string;
}

/** Where photos come from: a folder or a zip file. */
export interface PhotoSource {
  /**
   * Every file with a picture's extension, in natural order of ids. All other files are left out.
   * @param warn is told, in one line each, what could not be looked into or stands for something else.
   * @param leaveOut is told of every file that is left out, and of folders that hold nothing.
   * @throws PhotoSourceError when the folder itself cannot be listed.
   */
  list(warn?: (line: string) => void, leaveOut?: (left: LeftOut) => void): Promise<SourceEntry[]>;
  /**
   * The contents of a file that `list` named.
   * @throws PhotoError when this one file cannot be read.
   */
  read(id: string): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}
